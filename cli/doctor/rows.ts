// What the plan of the gate says before anything runs: rows that would be left out or cannot be decided here, the load that it would send, and who agreed to it.
import type { Plan, PlannedCriterion, Reason } from '../../gates/model.ts';
import { REASON_MEANINGS } from '../../gates/model.ts';
import { counted, duration } from '../../reporters/quantity.ts';
import { checks } from '../../suites/index.ts';
import { lacking, type Look, missing, named, note, ok, warn } from './finding.ts';
import type { OpenedEnvironment } from './precondition.ts';

interface Left {
  readonly criterion: string;
  readonly code: Reason['code'];
  readonly text: string;
}

const SHOWN = 3;

export function lookAtRows(plan: Plan): readonly Look[] {
  const left = plan.criteria.flatMap((planned) => leftOut(planned, plan));
  const measured = plan.criteria.filter(({ criterion }) => 'measured' in criterion.kind);
  const open = measured.filter(({ criterion }) => !left.some((one) => one.criterion === criterion.id));
  const runs = plan.executions.filter(({ skip }) => skip === undefined);
  const cost = `about ${duration(runs.reduce((sum, { seconds }) => sum + seconds, 0))} and at most ${counted(
    runs.reduce((sum, { requests }) => sum + requests, 0),
    'request',
  )}`;
  const needed = `${counted(measured.length, 'measured row')}, profile ${plan.profile}`;
  return [
    named(
      'Measured rows',
      open.length === measured.length ? ok(`all can be measured here: ${cost}`, needed) : note(`${open.length} can be measured here: ${cost}`, needed),
    ),
    ...[...Map.groupBy(left, ({ code }) => code)].map(([code, rows]) => named(code, lookAtLeft(code, rows, plan))),
  ];
}

/** Why a measured row will not be measured whole; rows that wait for people are no matter of the environment. */
function leftOut({ criterion, settled, bindings }: PlannedCriterion, plan: Plan): readonly Left[] {
  if (!('measured' in criterion.kind)) return [];
  if (settled !== undefined) return settled.state === 'not-applicable' ? [] : [{ criterion: criterion.id, ...settled.reason }];
  const reasons = bindings.flatMap(({ binding, execution }): readonly Reason[] => {
    if (execution === null) return [{ code: 'NO_CHECK_YET', text: `The check "${binding.check}" is not built yet.` }];
    const skip = plan.executions.find(({ id }) => id === execution)?.skip;
    return skip === undefined ? [] : [skip.reason];
  });
  return [...new Map(reasons.map((reason) => [reason.code, reason])).values()].map((reason) => ({ criterion: criterion.id, ...reason }));
}

/** Deferred rows make a run that can be neither signed nor promoted: for a gate meeting (profile full) something is missing then. */
function lookAtLeft(code: Reason['code'], rows: readonly Left[], { profile }: Plan): Look {
  const ids = [...new Set(rows.map(({ criterion }) => criterion))];
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : '';
  const [first] = [...new Set(rows.map(({ text }) => text))];
  const found = `${counted(ids.length, 'row')}: ${ids.slice(0, SHOWN).join(', ')}${more}`;
  const { state, next } = REASON_MEANINGS[code];
  const remedy = state === 'deferred' || code === 'PRECONDITION_MISSING' ? (first ?? next) : next;
  if (code === 'NO_CHECK_YET') return missing(found, 'a check for each: without one a row is an error', remedy);
  if (state === 'deferred')
    return lacking(profile === 'full' && code !== 'NOT_SELECTED', found, 'to be measured too: a run with rows left out cannot be signed', remedy);
  return missing(found, 'to be decided too', remedy);
}

export function lookAtLoad(plan: Plan, { environment }: OpenedEnvironment): readonly Look[] {
  const peaks = plan.executions.flatMap(({ check: id, options }) => checks.find((one) => one.id === id)?.peakRps?.(options) ?? []);
  if (peaks.length === 0) return [];
  const peak = Math.max(...peaks);
  const needed = `consent to ${peak} req/s`;
  const { load, allow, name } = environment;
  const remedy = `Have whoever answers for ${name} agree, and write it down: environments.${name}.load: { maxRps: ${peak}, maxConnections, approvedBy, window }, and 'load' in allow.`;
  // The rows that are left out for it are told by lookAtRows.
  if (load === undefined || !allow.includes('load')) return [named('Load', note('nobody has agreed to any', needed, remedy))];
  const told = `${load.approvedBy}: ${load.maxRps} req/s, ${load.maxConnections} connections, ${load.window}`;
  if (load.maxRps < peak) return [named('Load', note(told, needed, remedy))];
  // Half a second without an answer at the peak (suites/instruments/load/engine.ts).
  if (load.maxConnections < peak / 2)
    return [
      named(
        'Load',
        warn(
          told,
          `${needed}, and ${Math.ceil(peak / 2)} connections`,
          `Raise environments.${name}.load.maxConnections: with fewer, arrivals are dropped when the target stalls, and the load rows are inconclusive.`,
        ),
      ),
    ];
  return [named('Load', ok(`${told} (whether it is that time now was not looked at)`, needed))];
}
