// `naap-gate replay RUN|BUNDLE [--policy FILE]`: what was recorded, judged again — by the same policy, which must give the same, or by another one. Writes nothing.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../gates/model.ts';
import { planOf } from '../../gates/recorded.ts';
import { underOtherPolicy } from '../../gates/policy/other-policy.ts';
import { replay, wouldBe } from '../../gates/replay.ts';
import { readArtifact, readJournal, type RunFolder } from '../../gates/run-folder.ts';
import { json } from '../../reporters/json.ts';
import { checks } from '../../suites/index.ts';
import { VERSION } from '../machine.ts';
import { inRunOrBundle, type PaperOptions } from '../papers.ts';
import { readPolicy } from '../read-policy.ts';
import { runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';
import { type ReportFile, type Replayed, replayDocument, replayText, wouldBeDocument, wouldBeText } from './replay-text.ts';

interface ReplayOptions extends PaperOptions {
  readonly policy?: string;
  readonly json: boolean;
}

export function registerReplay(program: Command, host: Host, act: Act): void {
  program
    .command('replay <run-or-bundle>')
    .description('judge again what a run recorded: is it as it was judged, or what would another policy have said')
    .option('--policy <file>', 'limits and criteria to ask about: a JSON file, or a configuration')
    .addOption(runsOption())
    .option('--json', 'one document on stdout', false)
    .action((name: string, options: ReplayOptions) =>
      act(() =>
        inRunOrBundle(name, options, host, (folder) =>
          options.policy === undefined ? again(folder, options, host) : ask(folder, options.policy, options, host),
        ),
      ),
    );
}

/** 0: the same. 1: not. 3: the run was not sealed, so nothing tells what it should be. */
async function again(folder: RunFolder, options: ReplayOptions, host: Host): Promise<ExitCode> {
  const replayed: Replayed = { ...replay(folder), report: reportFile(folder), tool: `naap-gate ${VERSION}` };
  host.stdout.write(options.json ? `${JSON.stringify(replayDocument(replayed), null, 2)}\n` : replayText(replayed));
  if (replayed.recorded === undefined) return EXIT.undecided;
  return replayed.report.state === 'same' && replayed.rows.length + replayed.facts.length === 0 ? EXIT.pass : EXIT.fail;
}

/** Always 0 where it can be answered: what would have been is no verdict on anything. */
async function ask(folder: RunFolder, file: string, options: ReplayOptions, host: Host): Promise<ExitCode> {
  const policy = await readPolicy(host.cwd(), file, planOf(readJournal(folder), folder));
  const answer = wouldBe(folder, (plan) => underOtherPolicy(plan, policy, checks));
  host.stdout.write(options.json ? `${JSON.stringify(wouldBeDocument(answer, file), null, 2)}\n` : wouldBeText(answer, file));
  return EXIT.pass;
}

/** report.json as it lies there, beside what the journal gives now. */
function reportFile(folder: RunFolder): ReportFile {
  const path = join(folder.path, 'report.json');
  if (!existsSync(path)) return { state: 'missing' };
  const bytes = readFileSync(path);
  const view = replay(folder).view;
  const made = Buffer.from(json.render(view, (digest) => readArtifact(folder, digest)));
  return bytes.equals(made) ? { state: 'same', bytes: bytes.length } : { state: 'differs', schemaVersion: schemaVersionOf(bytes) };
}

function schemaVersionOf(bytes: Buffer): unknown {
  try {
    return (JSON.parse(bytes.toString()) as { schemaVersion?: unknown } | null)?.schemaVersion;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
