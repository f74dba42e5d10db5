// `naap-gate list runs`: what was run, newest first; filtered, and how one criterion's figures moved.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { EXIT, type ExitCode, GateError, VERDICTS } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { fits, newestFirst, OUTLINE_LINES, type OutlinedRun, outlineOf, type RunFilter } from '../../gates/run-outline.ts';
import { trendOf } from '../../gates/trend.ts';
import { runListText } from '../../reporters/run-list.ts';
import { trendText } from '../../reporters/trend.ts';
import { withRunStore } from '../run-store/open-store.ts';
import { runsOption } from '../run-store/place.ts';
import { type Host, styleOf } from '../terminal.ts';

export interface ListRunsOptions {
  readonly json: boolean;
  readonly runs?: string;
  readonly gate?: string;
  readonly env?: string;
  readonly commit?: string;
  readonly verdict?: RunFilter['verdict'];
  readonly since?: string;
  readonly limit?: number;
  readonly trend?: string;
}

/** As many as one looks at; the number of the others is said. */
const DEFAULT_LIMIT = 20;

/** For `list runs` alone; `runListOptionsOf` finds those that were given. */
export function runListOptions(command: Command): Command {
  return command
    .option('--gate <gate>', 'runs: of this gate')
    .option('--env <name>', 'runs: on this environment')
    .option('--commit <sha>', 'runs: of the commit that begins so')
    .addOption(new Option('--verdict <verdict>', 'runs: with this verdict').choices([...VERDICTS, 'unfinished']))
    .option('--since <date>', 'runs: begun on this day (UTC) or later', moment)
    .option('--limit <n>', `runs: so many of the newest (default ${DEFAULT_LIMIT})`, count)
    .option('--trend <criterion>', "runs: how this criterion's figures moved")
    .addOption(runsOption());
}

/** Names of the options that only runs take, as they were given. */
export function runListOptionsOf({ runs, gate, env, commit, verdict, since, limit, trend }: Partial<ListRunsOptions>): string[] {
  return Object.entries({ runs, gate, env, commit, verdict, since, limit, trend }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
}

export async function listRuns(options: ListRunsOptions, host: Host): Promise<ExitCode> {
  const { gate, env, commit, verdict, since, limit = DEFAULT_LIMIT, trend } = options;
  const filter: RunFilter = {
    ...(gate === undefined ? {} : { gate }),
    ...(env === undefined ? {} : { environment: env }),
    ...(commit === undefined ? {} : { commit }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(since === undefined ? {} : { since }),
  };
  return withRunStore(options.runs, host, async (store) => {
    const all = (await store.scan(trend === undefined ? OUTLINE_LINES : { ...OUTLINE_LINES, judged: trend })).map(outlineOf);
    const fitting = all.filter(({ outline }) => fits(outline, filter)).toSorted((a, b) => newestFirst(a.outline, b.outline));
    const shown = fitting.slice(0, limit);
    const left = fitting.length - shown.length;
    if (trend !== undefined) return showTrend(trend, fitting, limit, options, host);
    const outlines = shown.map(({ outline }) => outline);
    if (options.json) host.stdout.write(`${JSON.stringify(outlines, null, 2)}\n`);
    else host.stdout.write(shown.length === 0 ? noneText(all, store.place) : runListText(outlines, left, styleOf(host.stdout, host.env)));
    if (options.json && left > 0) host.stderr.write(`${left} older runs are left out: --limit ${fitting.length} lists all.\n`);
    return EXIT.pass;
  });
}

/** The limit is on runs that judged it, so that other gates' runs take no room. */
function showTrend(criterion: string, fitting: readonly OutlinedRun[], limit: number, options: ListRunsOptions, host: Host): ExitCode {
  const gate = fitting.find(({ judged }) => judged.some(({ id }) => id === criterion))?.outline.gate;
  if (gate === undefined) throw unknownCriterion(criterion, fitting);
  const series = trendOf(criterion, fitting.filter(({ outline }) => outline.gate === gate).slice(0, limit));
  if (options.json) host.stdout.write(`${JSON.stringify(series, null, 2)}\n`);
  else if (series.length === 0) host.stdout.write(`${criterion} has no figures: it is settled by people, or was not measured in these runs.\n`);
  else host.stdout.write(trendText(criterion, series));
  return EXIT.pass;
}

function unknownCriterion(criterion: string, fitting: readonly OutlinedRun[]): GateError {
  const gates = [...new Set(fitting.flatMap(({ outline }) => outline.gate ?? []))];
  const gate = nearest(criterion.split('.')[0] ?? '', gates);
  const none = fitting.length === 0 ? 'No run fits, so none' : `None of ${fitting.length} runs`;
  return new GateError('UNKNOWN_CRITERION', `${none} has judged a criterion "${criterion}".`, {
    remedy: `Criteria are named as in phase3.performance.p99-latency: naap-gate list criteria.${gates.length === 0 ? '' : ` Runs are of: ${gates.join(', ')}.`}${gate === undefined || criterion.startsWith(`${gate}.`) ? '' : ` Did you mean one of ${gate}?`}`,
  });
}

function noneText(all: readonly OutlinedRun[], place: string): string {
  if (all.length === 0) return `There are no runs in ${place} yet.\n`;
  const distinct = (values: readonly (string | null)[]): string => [...new Set(values.filter((value) => value !== null))].toSorted().join(', ');
  const outlines = all.map(({ outline }) => outline);
  const gates = distinct(outlines.map(({ gate }) => gate));
  return `No run fits. There are ${all.length} in ${place}: of ${gates}; on ${distinct(outlines.map(({ environment }) => environment))}.\n`;
}

const Moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

function moment(text: string): string {
  if (!Moment.safeParse(text).success) throw new InvalidArgumentError('a day is written 2026-11-23, a moment 2026-11-23T07:00:00Z.');
  return new Date(text).toISOString();
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 is needed.');
  return number;
}
