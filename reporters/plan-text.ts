// The plan of a run as the terminal shows it for --dry-run: what would run, in which order, at what cost, and what is left out and why.
import { createColors } from 'picocolors';
import type { Plan } from '../gates/model.ts';
import { oneLine } from './plain-text.ts';
import { counted, duration } from './quantity.ts';
import { STATE_WORDS } from './wording.ts';
import { pad, wrap } from './wrap.ts';

type PlannedExecution = Plan['executions'][number];

/** `alone on target, machine; after api-auth`: empty where neither holds. */
function order({ locks, after }: PlannedExecution): string {
  const alone = locks.length === 0 ? [] : [`alone on ${locks.join(', ')}`];
  return [...alone, ...(after.length === 0 ? [] : [`after ${after.join(', ')}`])].join('; ');
}

function executions(planned: readonly PlannedExecution[], width: number): string[] {
  const rows = planned.map((one) => [oneLine(one.id), `about ${duration(one.seconds)}`, counted(one.requests, 'request'), order(one)] as const);
  const widest = (column: 0 | 1 | 2): number => Math.max(0, ...rows.map((row) => row[column].length));
  return rows.flatMap(([id, time, requests, how]) => {
    const head = `  ${pad(id, widest(0))}   ${pad(time, widest(1), 'right')}   ${pad(requests, widest(2), 'right')}`;
    if (how === '') return [head];
    return head.length + 3 + how.length <= width ? [`${head}   ${how}`] : [head, ...wrap(how, width, '      ')];
  });
}

/** What will not run, each reason once with all that it concerns. */
function leftOut(plan: Plan, width: number): string[] {
  const skipped = new Map(plan.executions.flatMap(({ id, skip }) => (skip === undefined ? [] : [[id, skip] as const])));
  const settled = plan.criteria.flatMap((planned) => {
    const own = planned.settled ?? planned.bindings.map(({ execution }) => skipped.get(execution ?? '')).find((skip) => skip !== undefined);
    const noCheck = planned.bindings.find(({ execution }) => execution === null);
    const why =
      own ?? (noCheck === undefined ? undefined : { state: 'error' as const, reason: { text: `The check "${noCheck.binding.check}" is not built yet.` } });
    return why === undefined ? [] : [{ id: planned.criterion.id, what: `${STATE_WORDS[why.state]}: ${oneLine(why.reason.text)}` }];
  });
  return [...Map.groupBy(settled, ({ what }) => what)].flatMap(([what, rows]) => [
    ...wrap(what, width, '  ', '    '),
    ...wrap(rows.map(({ id }) => oneLine(id)).join(', '), width, '      '),
  ]);
}

/** Ends in a newline. Times are the checks' own estimates, added up as if one ran after the other. */
export function planText(plan: Plan, options: { readonly width: number; readonly colour: boolean }): string {
  const colours = createColors(options.colour);
  const planned = plan.executions.filter(({ skip }) => skip === undefined);
  const seconds = planned.reduce((sum, one) => sum + one.seconds, 0);
  const requests = planned.reduce((sum, one) => sum + one.requests, 0);
  const without = leftOut(plan, options.width);
  return [
    colours.bold(`${oneLine(plan.title)} on ${oneLine(plan.environment)}, profile ${plan.profile}: the plan`),
    ...wrap(`${oneLine(plan.target)}. Nothing was sent.`, options.width, '').map(colours.dim),
    '',
    colours.bold(`${counted(planned.length, 'check')} would run`),
    ...executions(planned, options.width),
    ...wrap(`At most ${counted(requests, 'request')}; about ${duration(seconds)} if one runs after the other.`, options.width, '  '),
    ...(without.length === 0
      ? []
      : ['', colours.bold(`${counted(plan.criteria.length, 'criterion', 'criteria')}, of which these are not measured`), ...without]),
    '',
  ].join('\n');
}
