// `naap-gate <gate> --env NAME`: plan, run, judge, report (DESIGN §4). The main command.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, type ExitCode, type Gate, type Plan, type PolicyFiles, type Profile, type Waiver } from '../../gates/model.ts';
import { comparator } from '../../baselines/comparator.ts';
import { findAttempts } from '../../gates/attempts.ts';
import { sha256 } from '../../gates/digest.ts';
import { openLedger } from '../../gates/ledger.ts';
import { checksToCome } from '../../gates/phases/index.ts';
import type { Against } from '../../gates/against.ts';
import { neededSides } from '../../gates/needed-sides.ts';
import { makePlan, policyDigest } from '../../gates/plan.ts';
import type { ConfiguredGate } from '../../gates/policy/configured-gates.ts';
import { openJournal, readArtifact, readJournal, type RunFolder } from '../../gates/run-folder.ts';
import { runGate } from '../../gates/run-gate.ts';
import type { HeldRun, RunStore } from '../../gates/run-store.ts';
import { createScrubber, type Scrubber } from '../../gates/scrub.ts';
import { viewOf } from '../../gates/view.ts';
import { runReporters } from '../../reporters/index.ts';
import { planText, verdictText } from '../../reporters/terminal.ts';
import { checks } from '../../suites/index.ts';
import { cacheFolder } from '../../scripts/cache-folder.mjs';
import { asConfigured, dayOf } from '../config/catalogue.ts';
import { type ReadConfig, readConfig } from '../config/read-config.ts';
import { readWaivers } from '../config/waivers.ts';
import { policyFiles } from '../config/policy-files.ts';
import { isAlive } from '../../suites/instruments/is-alive.ts';
import { isSealed, resumable } from '../resumable.ts';
import { type LoadEngineName, chooseEngine, sendsLoad } from '../load-engine.ts';
import { machineFacts } from '../machine.ts';
import { type OpenEnvironment, openEnvironment } from '../open-environment.ts';
import { errorText } from '../print-error.ts';
import { inHeldRun, openRunStore, passwordsOfStore } from '../run-store/open-store.ts';
import { withoutPassword } from '../run-store/place.ts';
import { liveDisplay, plainDisplay, type ProgressDisplay, silentDisplay } from '../progress.ts';
import { type Host, isLive, styleOf } from '../terminal.ts';
import { whoRuns } from '../who.ts';
import { createWorkbench } from '../workbench.ts';

export interface GateRunOptions {
  readonly env: string;
  readonly profile: Profile;
  readonly only: readonly string[];
  readonly fault: readonly string[];
  /** Multiplies the rows of the twin. Default 1. */
  readonly scale?: number;
  readonly config?: string;
  readonly url: readonly string[];
  readonly expectCommit?: string;
  readonly untrusted: boolean;
  readonly loadEngine: LoadEngineName;
  /** Latency rows must also hold against the live legacy side. */
  readonly against?: Against;
  readonly runs?: string;
  readonly dryRun: boolean;
  /** true: the newest unfinished run of this gate on this environment. */
  readonly resume?: string | true;
  readonly requireSignoff: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

const clock = {
  now: (): Date => new Date(),
  monotonicMs: (): number => performance.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => void (await delay(ms, undefined, { signal })),
};

export async function gateRun(gate: Gate, options: GateRunOptions, host: Host): Promise<ExitCode> {
  const config = await readConfig(host.cwd(), options.config);
  const policy = policyOf(gate, config, host);
  const interrupt = new AbortController();
  const forget = host.onInterrupt(() => interrupt.abort(new Error('interrupted')));
  const say = options.quiet ? (): void => undefined : (text: string): void => void host.stderr.write(`${text}\n`);
  const aside = { tell: (text: string): void => void host.stderr.write(`${text}\n`) };
  const store = options.dryRun ? undefined : await openRunStore(options.runs, host, (text) => aside.tell(text));
  try {
    const opened = await openEnvironment({
      name: options.env,
      config,
      directory: host.cwd(),
      variables: host.env,
      faults: options.fault,
      scale: options.scale,
      urls: options.url,
      untrusted: options.untrusted,
      sides: neededSides({ ...options, gate: policy.gate, checks }),
      log: say,
    });
    try {
      return await inEnvironment({ policy, options, host, opened, signal: interrupt.signal, store, aside });
    } finally {
      await opened.close();
    }
  } finally {
    await store?.close();
    forget();
  }
}

interface Setting {
  readonly options: GateRunOptions;
  readonly host: Host;
  readonly opened: OpenEnvironment;
  readonly signal: AbortSignal;
  /** Says what happens beside the checks; the display takes it over while it is there. */
  readonly aside: { tell: (text: string) => void };
}

type Policy = ConfiguredGate & { readonly today: string; readonly waivers: readonly Waiver[]; readonly files: PolicyFiles };

/** What decides, besides measurements: the gate as configured, and the waivers. Throws CONFIG_INVALID. */
function policyOf(gate: Gate, config: ReadConfig, host: Host): Policy {
  const today = dayOf(clock.now());
  const read = readWaivers(config, host.cwd(), today);
  return { ...asConfigured(gate, config.config, today), today, waivers: read.waivers, files: policyFiles(config, read, host.cwd()) };
}

/** Without a store the plan is printed, and that is all. */
async function inEnvironment({ policy, store, ...setting }: Setting & { readonly policy: Policy; readonly store: RunStore | undefined }): Promise<ExitCode> {
  const { options, host, opened } = setting;
  const { environment } = opened;
  const { gate } = policy;
  const plan = makePlan({
    ...policy,
    environment,
    checks,
    checksToCome,
    profile: options.profile,
    only: options.only,
    ...(options.against === undefined ? {} : { against: options.against }),
  });
  if (store === undefined) {
    host.stdout.write(options.json ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan, styleOf(host.stdout, host.env)));
    return EXIT.pass;
  }
  const digests = { config: opened.configDigest, policy: policyDigest(plan, checks), baselines: null };
  const held = options.resume === undefined ? await store.begin(newRunId(gate.id, environment.name)) : await resumable(store, plan, digests, options);
  const scrubber = createScrubber();
  for (const [name, value] of [...opened.secrets, ...passwordsOfStore(options.runs, host)]) scrubber.add(name, value);
  return inHeldRun(held, host, async () => {
    const finished = isSealed(held.folder) || (await measure({ ...setting, plan, digests, held, store, scrubber }));
    if (finished) return deliver(held.folder, scrubber, options, host);
    host.stderr.write(`Interrupted. What was measured is kept; to go on: naap-gate ${argumentsOf(host)} --resume ${held.folder.id}\n`);
    return EXIT.interrupted;
  });
}

/** As they were given, but for `--resume`: another selection or address would be another run. */
function argumentsOf(host: Host): string {
  const given = host.argv.slice(2);
  const resume = given.indexOf('--resume');
  const named = given[resume + 1]?.startsWith('-') === false ? 2 : 1;
  const kept = resume < 0 ? given : given.toSpliced(resume, named);
  return kept
    .map(withoutPassword)
    .map((argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}

function newRunId(gate: string, environment: string): string {
  const time = clock.now().toISOString().replace(/[-:]/g, '').slice(0, 15);
  return `${gate}-${environment}-${time}-${randomBytes(2).toString('hex')}`;
}

interface Measuring extends Setting {
  readonly plan: Plan;
  readonly digests: { readonly config: string; readonly policy: string; readonly baselines: string | null };
  readonly held: HeldRun;
  readonly store: RunStore;
  readonly scrubber: Scrubber;
}

async function measure({ plan, digests, held, store, scrubber, options, host, opened, signal, aside }: Measuring): Promise<boolean> {
  const { folder } = held;
  const journal = openJournal(folder, { now: clock.now, scrubber, processId: host.pid, isAlive });
  const display = displayOf(plan, options, host);
  const before = aside.tell;
  if (!options.quiet) aside.tell = (text) => display.note(text);
  const load = chooseEngine({
    name: options.loadEngine,
    environment: opened.environment,
    isUsed: sendsLoad(plan, checks),
    cacheDir: cacheFolder({ env: host.env }),
    variables: host.env,
    platform: process.platform,
    signal,
    note: (text) => display.note(text),
  });
  const workbench = createWorkbench({
    environment: opened.environment,
    profile: options.profile,
    run: folder.id,
    engine: load.engine,
    undisturbed: async (locks) => void (await Promise.all([load.undisturbed(locks), held.settled()])),
    clock,
    signal,
    keepSecret: (name, value) => scrubber.add(name, value),
    setUp: opened.setUp,
    dualWriters: opened.dualWriters,
    expectCommit: options.expectCommit,
  });
  try {
    return await runGate({
      folder,
      plan,
      checks,
      workbench,
      comparator,
      journal,
      scrubber,
      start: { digests, machine: machineFacts(), requireSignoff: options.requireSignoff },
      attemptsOn: (subject) => findAttempts(store, { gate: plan.gate, environment: plan.environment, subject, before: folder.id }),
      clock,
      signal,
      onProgress: (progress) => {
        display.update(progress);
        if (progress.kind === 'probed') for (const problem of progress.problems) display.note(errorText(problem.code, problem.text, problem.remedy).trimEnd());
      },
    });
  } finally {
    display.end();
    aside.tell = before;
    load.close();
    await workbench.close();
    journal.close();
  }
}

function displayOf(plan: Plan, options: GateRunOptions, host: Host): ProgressDisplay {
  if (options.quiet) return silentDisplay;
  return isLive(host.stderr, host.env)
    ? liveDisplay(plan, host.stderr, styleOf(host.stderr, host.env), clock.monotonicMs)
    : plainDisplay(plan, host.stderr, clock.monotonicMs);
}

/** Writes every report, opens the ledger, prints the verdict. */
function deliver(folder: RunFolder, scrubber: Scrubber, options: GateRunOptions, host: Host): ExitCode {
  const view = viewOf(folder);
  const read = (digest: string): Uint8Array | undefined => readArtifact(folder, digest);
  const rendered = runReporters.map((reporter) => ({ reporter, content: reporter.render(view, read) }));
  for (const { reporter, content } of rendered) writeFileSync(join(folder.path, reporter.file), content);
  const json = rendered.find(({ reporter }) => reporter.format === 'json')?.content ?? '';
  openLedger(folder, { seal: readJournal(folder).chain.head, report: sha256(json), by: whoRuns(host.env) }, { now: clock.now, scrubber });
  if (options.json) host.stdout.write(typeof json === 'string' ? json : new TextDecoder().decode(json));
  else
    host.stdout.write(
      `${verdictText(view, styleOf(host.stdout, host.env))}\nReports: ${folder.path}/{${rendered.map(({ reporter }) => reporter.file).join(',')}}\n`,
    );
  return view.report.exitCode as ExitCode;
}
