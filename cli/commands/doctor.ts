// `naap-gate doctor`: every precondition of a gate on an environment, all at once: found, needed, how to get it (DESIGN §7).
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode, Profile } from '../../gates/model.ts';
import { conclusion, doctorText } from '../doctor/doctor-text.ts';
import { examine } from '../doctor/examine.ts';
import { type DoctorRequest, openPatient } from '../doctor/open-patient.ts';
import { type Finding, WORDS } from '../doctor/finding.ts';
import { runsOption } from '../run-store/place.ts';
import { type Act, type Host, isLive, styleOf } from '../terminal.ts';

interface DoctorOptions extends DoctorRequest {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Of the looking itself, ms; starting the demo's twin comes before it. */
const BOUND_MS = 60_000;
/** A pipe hears of what is slow this often. */
const TELL_MS = 5000;

export function registerDoctor(program: Command, host: Host, act: Act): void {
  program
    .command('doctor')
    .description('every precondition of a gate on an environment at once: found, needed, how to get it')
    .option('--env <name>', 'environment to look at (default: the machine alone)')
    .option('--gate <gate>', 'gate whose needs are looked for: phase3, cutover-t-0 …')
    .addOption(new Option('--profile <name>', 'profile of that gate').choices(Profile.options).default('full'))
    .option('--config <path>', 'configuration file (default naap-gate.config.ts or .json)')
    .option('--url <place=url...>', 'other addresses for the environment: web=, api=, legacy.web=, legacy.api=', [])
    .addOption(runsOption())
    .option('--json', 'the findings as one document', false)
    .option('--quiet', 'no progress', false)
    .action((options: DoctorOptions) => act(() => doctor(options, host)));
}

/** 0: nothing that is needed is missing among what was looked at. 3: something is. */
async function doctor(options: DoctorOptions, host: Host): Promise<ExitCode> {
  const interrupt = new AbortController();
  const bound = new AbortController();
  const forget = host.onInterrupt(() => interrupt.abort(new Error('interrupted')));
  const log = options.quiet ? (): void => undefined : (text: string): void => void host.stderr.write(`${text}\n`);
  const startedMs = performance.now();
  try {
    const { patient, preconditions, close } = await openPatient(options, host, AbortSignal.any([interrupt.signal, bound.signal]), log);
    const timer = setTimeout(() => bound.abort(new Error(`not finished within ${BOUND_MS / 1000} s`)), BOUND_MS);
    const progress = options.quiet ? SILENT : tellProgress(host);
    try {
      const findings = await examine(preconditions, patient, progress.update);
      progress.end();
      if (interrupt.signal.aborted) return EXIT.interrupted;
      return print(findings, options, host, (performance.now() - startedMs) / 1000);
    } finally {
      progress.end();
      clearTimeout(timer);
      await close();
    }
  } finally {
    forget();
  }
}

function print(findings: readonly Finding[], options: DoctorOptions, host: Host, seconds: number): ExitCode {
  const exitCode = findings.some(({ word }) => word === 'missing') ? EXIT.undecided : EXIT.pass;
  const { env = null, gate = null, profile } = options;
  if (options.json) {
    const counts = Object.fromEntries(WORDS.map((word) => [word, findings.filter((one) => one.word === word).length]));
    const document = {
      environment: env,
      gate,
      profile: gate === null ? null : profile,
      seconds: Number(seconds.toFixed(1)),
      exitCode,
      counts,
      conclusion: conclusion(findings),
      findings,
    };
    host.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else host.stdout.write(doctorText(findings, titleOf(options), styleOf(host.stdout, host.env)));
  return exitCode;
}

function titleOf({ env, gate, profile }: DoctorOptions): string {
  const of = gate === undefined ? 'What naap-gate needs' : `What ${gate} (profile ${profile}) needs`;
  return `${of} ${env === undefined ? 'of this machine' : `on ${env}`}`;
}

interface Progress {
  update(done: number, total: number, waitsFor: readonly string[]): void;
  end(): void;
}
const SILENT: Progress = { update: () => undefined, end: () => undefined };

/** A terminal sees one line that changes; a pipe hears of what takes long. */
function tellProgress({ stderr, env }: Host): Progress {
  const live = isLive(stderr, env);
  let text = '';
  let isOver = false;
  const timer = setInterval(() => {
    if (!live && text !== '') stderr.write(`${text}\n`);
  }, TELL_MS);
  return {
    update(done, total, waitsFor) {
      text = waitsFor.length === 0 ? '' : `Looked at ${done} of ${total}; still at: ${waitsFor.join(', ')}`;
      if (live) stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    end() {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      if (live) stderr.write('\r\x1b[2K');
    },
  };
}
