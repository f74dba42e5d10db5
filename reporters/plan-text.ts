// The plan of a run as the terminal shows it for --dry-run: what would run, in which order, at what cost, and every row with how it would be proved.
import { createColors } from 'picocolors';
import type { Plan } from '../gates/model.ts';
import { oneLine } from './plain-text.ts';
import { checklist, meansWords, planRows } from './plan-rows.ts';
import { counted, digits, duration } from './quantity.ts';
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

/** What would be judged otherwise than the plan says, and what of that has ended. */
function policyLines({ enforcement, problems = [], waivers, today }: Plan): string[] {
  const mode =
    enforcement.mode === 'report'
      ? [`Report mode until ${enforcement.until} (${oneLine(enforcement.owner)}: ${oneLine(enforcement.reason).replace(/\.$/u, '')}): would block nobody.`]
      : [];
  const ended = problems.map(({ code, text, remedy = '' }) => `${code}: ${oneLine(text)} ${oneLine(remedy)}`.trimEnd());
  const waived = waivers.map(({ criterion, owner, reason, until, max }) => {
    const cap = max === undefined ? '' : ` up to ${digits(max)}`;
    return `${until < today ? 'Waiver that has expired' : 'Waiver'}: ${oneLine(criterion)}${cap} until ${until}, ${oneLine(owner)}: ${oneLine(reason)}`;
  });
  return [...mode, ...ended, ...waived];
}

/** Ends in a newline. Times are the checks' own estimates, added up as if one ran after the other. */
export function planText(plan: Plan, options: { readonly width: number; readonly colour: boolean }): string {
  const colours = createColors(options.colour);
  const planned = plan.executions.filter(({ skip }) => skip === undefined);
  const seconds = planned.reduce((sum, one) => sum + one.seconds, 0);
  const requests = planned.reduce((sum, one) => sum + one.requests, 0);
  const rows = planRows(plan);
  return [
    colours.bold(`${oneLine(plan.title)} on ${oneLine(plan.environment)}, profile ${plan.profile}: the plan`),
    ...wrap(`${oneLine(plan.target)}. Nothing was sent.`, options.width, '').map(colours.dim),
    ...policyLines(plan).flatMap((line) => wrap(line, options.width, '', '  ').map(colours.yellow)),
    '',
    colours.bold(`${counted(planned.length, 'check')} would run`),
    ...executions(planned, options.width),
    ...wrap(`At most ${counted(requests, 'request')}; about ${duration(seconds)} if one runs after the other.`, options.width, '  '),
    '',
    colours.bold(`${counted(rows.length, 'criterion', 'criteria')}: ${meansWords(rows)}`),
    ...checklist(rows, options.width, colours.bold, colours.dim),
    '',
  ].join('\n');
}
