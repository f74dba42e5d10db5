// `naap-gate waive CRITERION --env NAME --until DATE --owner WHO --reason WHY [--max VALUE]`: writes a waiver that fits into the file of the repository.
import { closeSync, existsSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode, type Gate, GateError, Waiver } from '../../gates/model.ts';
import { holds } from '../../gates/judge-figures.ts';
import { numericLimits } from '../../gates/policy/limit-changes.ts';
import { isSamePlace, waiverMistakes } from '../../gates/policy/waiver-mistakes.ts';
import { dayOf } from '../config/catalogue.ts';
import { withEntry } from '../config/json-array.ts';
import { describe } from '../config/mistakes.ts';
import { readConfig } from '../config/read-config.ts';
import { parseWaivers, readWaivers, waiversPath, waiverWorld, type ReadWaivers } from '../config/waivers.ts';
import type { Act, Host } from '../terminal.ts';

interface WaiveOptions {
  readonly env: string;
  readonly until: string;
  readonly owner: string;
  readonly reason: string;
  readonly max?: number;
  readonly metric?: string;
  readonly replace: boolean;
  readonly config?: string;
  readonly json: boolean;
}

/** Whoever waives for longer has rather changed the demand. */
const LONG_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

export function registerWaive(program: Command, host: Host, act: Act): void {
  program
    .command('waive <criterion>')
    .description('let a row that fails, warns or is inconclusive count as waived until a day, with an owner and a reason')
    .requiredOption('--env <name>', 'environment that it is for')
    .requiredOption('--until <date>', 'last day, UTC: 2026-12-31')
    .requiredOption('--owner <who>', 'who answers for it')
    .requiredOption('--reason <why>', 'why the row may be as it is')
    .option('--max <value>', "worst value that it covers, in the metric's unit (default: any)", number)
    .option('--metric <name>', 'metric that --max is about, where the criterion limits several')
    .option('--replace', 'put it in the place of the one that is there', false)
    .option('--config <path>', 'configuration file')
    .option('--json', 'the waiver and its file as one document', false)
    .action((criterion: string, options: WaiveOptions) => act(() => waiveCriterion(criterion, options, host)));
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('a number was expected.');
  return value;
}

/** Throws WAIVER_REFUSED with every reason, CONFIG_INVALID for a file that has mistakes already, DISK. */
async function waiveCriterion(criterion: string, options: WaiveOptions, host: Host): Promise<ExitCode> {
  const config = await readConfig(host.cwd(), options.config);
  const today = dayOf(new Date());
  const path = waiversPath(config, host.cwd());
  const file: ReadWaivers = existsSync(path) ? readWaivers(config, host.cwd(), today) : { path, text: undefined, waivers: [] };
  const world = waiverWorld(config, today);
  const { env: environment, until, owner, reason, max, metric } = options;
  const given = { criterion, environment, owner, reason, until, ...(max === undefined ? {} : { max }), ...(metric === undefined ? {} : { metric }) };
  const parsed = Waiver.safeParse(given);
  const before = file.waivers.findIndex((one) => isSamePlace(one, given));
  const found = parsed.success
    ? mistakesOf(parsed.data, file.waivers, { ...world, today, replaces: options.replace })
    : parsed.error.issues.flatMap((issue) => describe(issue));
  if (!parsed.success || found.length > 0) throw refused(criterion, found);
  const text =
    file.text === undefined ? `${JSON.stringify([parsed.data], null, 2)}\n` : withEntry(file.text, 'waivers', parsed.data, before < 0 ? undefined : before);
  parseWaivers(path, text, world);
  writeWhole(path, text);
  tell(parsed.data, path, before >= 0, options, host);
  warn(parsed.data, today, host);
  return EXIT.pass;
}

function refused(criterion: string, mistakes: readonly string[]): GateError {
  return new GateError('WAIVER_REFUSED', `${criterion} is not waived:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`, {
    remedy: 'Nothing was written. naap-gate list criteria and list environments show all names.',
  });
}

interface World {
  readonly gates: readonly Gate[];
  readonly environments: readonly string[];
  readonly today: string;
  readonly replaces: boolean;
}

function mistakesOf(waiver: Waiver, others: readonly Waiver[], { today, replaces, ...world }: World): string[] {
  const same = others.find((one) => isSamePlace(one, waiver));
  const named = waiverMistakes([waiver], world).map(({ path, message }) => `${String(path[1])}: ${message}`);
  return [
    ...named,
    ...(waiver.until < today ? [`until: ${waiver.until} has passed; today is ${today} (UTC)`] : []),
    ...(same !== undefined && !replaces
      ? [`it is waived on ${waiver.environment} already, until ${same.until} by ${same.owner} ("${same.reason}"). To put this one in its place: --replace`]
      : []),
    ...(same === undefined && replaces ? [`--replace: there is no waiver of it on ${waiver.environment} that could be replaced`] : []),
    ...(named.length === 0 ? uselessCap(waiver, world.gates) : []),
  ];
}

/** A cap that the limit is beyond already covers nothing. */
function uselessCap({ criterion: id, max, metric }: Waiver, gates: readonly Gate[]): string[] {
  const criterion = gates.flatMap(({ criteria }) => criteria).find((one) => one.id === id);
  if (criterion === undefined || max === undefined) return [];
  const limits = numericLimits(criterion).filter(({ expect }) => (metric ?? expect.metric) === expect.metric);
  return limits.length > 0 && limits.every(({ expect }) => holds(max, expect.op, expect.value))
    ? [`max: ${max} is within the limit (${limits.map(({ expect }) => `${expect.op} ${expect.value}`).join(', ')}), so it would cover nothing`]
    : [];
}

/** Written beside and renamed into its place: nobody ever reads half a file. Throws DISK. */
function writeWhole(path: string, text: string): void {
  const place = existsSync(path) ? realpathSync(path) : path;
  const beside = `${place}.${process.pid}.new`;
  try {
    const file = openSync(beside, 'wx');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, place);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new GateError('DISK', `${path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      remedy: 'Is there such a folder, with space, and may it be written to? The file is as it was.',
      cause,
    });
  }
}

function tell(waiver: Waiver, path: string, isReplaced: boolean, { json }: WaiveOptions, host: Host): void {
  if (json) {
    host.stdout.write(`${JSON.stringify({ file: path, replaced: isReplaced, waiver }, null, 2)}\n`);
    return;
  }
  const cap = waiver.max === undefined ? ', whatever its value' : `, as long as its value is no worse than ${waiver.max}`;
  host.stdout.write(
    `${isReplaced ? 'REPLACED' : 'WAIVED'}  ${waiver.criterion} on ${waiver.environment} until ${waiver.until}, by ${waiver.owner}${cap}.\n` +
      `Written to ${path}; it counts once a run reads it there. Commit the file.\n`,
  );
}

function warn(waiver: Waiver, today: string, host: Host): void {
  const days = Math.round((Date.parse(waiver.until) - Date.parse(today)) / DAY_MS);
  if (days > LONG_DAYS)
    host.stderr.write(
      `That is ${days} days from now. A shortcoming that may stay so long is rather a changed limit: gates.<gate>.limits of the configuration.\n`,
    );
}
