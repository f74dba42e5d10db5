// `naap-gate explain NAME`: a page on a criterion, a check or an error code — what it proves, how, by which number, what to do.
import { type Check, type Criterion, ERROR_CODES, EXIT, type ExitCode, type Expectation, GateError } from '../../gates/model.ts';
import { gates } from '../../gates/phases/index.ts';
import { limitWords } from '../../reporters/wording.ts';
import { checks } from '../../suites/index.ts';
import { nearest } from '../../gates/nearest.ts';
import type { Host } from '../terminal.ts';

export function explain(name: string, host: Host): ExitCode {
  const criterion = gates.flatMap(({ criteria }) => criteria).find(({ id, aliases }) => id === name || aliases?.includes(name));
  const check = checks.find(({ id }) => id === name);
  const error = Object.entries(ERROR_CODES).find(([code]) => code === name.toUpperCase());
  const page = criterion !== undefined ? criterionPage(criterion) : check !== undefined ? checkPage(check) : error !== undefined ? errorPage(error) : undefined;
  if (page === undefined) throw unknown(name);
  host.stdout.write(`${page.join('\n')}\n`);
  return EXIT.pass;
}

function unknown(name: string): GateError {
  const known = [...gates.flatMap(({ criteria }) => criteria.map(({ id }) => id)), ...checks.map(({ id }) => id), ...Object.keys(ERROR_CODES)];
  const meant = nearest(name, known);
  return new GateError('USAGE', `Nothing is called "${name}".`, {
    remedy: `${meant === undefined ? '' : `Did you mean "${meant}"? `}naap-gate list criteria, list checks and list errors show all names.`,
  });
}

function criterionPage(criterion: Criterion): string[] {
  const head = [
    criterion.id,
    '',
    `  "${criterion.text}"`,
    `  ${criterion.source}, section ${criterion.section}; ${criterion.required ? 'required' : 'optional'}`,
  ];
  const note = criterion.note === undefined ? [] : ['', 'Note', `  ${criterion.note}`];
  return [...head, ...note, '', ...how(criterion)];
}

function how(criterion: Criterion): string[] {
  if ('attested' in criterion.kind) return ['How it is proved', `  The ${criterion.kind.attested} signs for it. Until then it is pending.`];
  if ('evidence' in criterion.kind)
    return ['How it is proved', ...criterion.kind.evidence.map(({ describe }) => `  A document: ${describe} Until then it is pending.`)];
  return criterion.kind.measured.flatMap(({ check: id, expect }) => {
    const check = checks.find((one) => one.id === id);
    if (check === undefined) return ['How it is measured', `  By the check "${id}", which is not built yet: the row is an error (NO_CHECK_YET), never a pass.`];
    return ['How it is measured', `  ${check.title} (naap-gate explain ${id})`, `  ${expectationWords(expect, check)}`];
  });
}

function expectationWords(expect: Expectation, check: Check): string {
  const metric = check.metrics[expect.metric];
  return `Passes when ${metric?.title ?? expect.metric}: ${limitWords(expect, metric?.unit)}.`;
}

function checkPage(check: Check): string[] {
  const metrics = Object.entries(check.metrics).map(
    ([id, { title, unit, shape, better }]) => `  ${id.padEnd(28)} ${title} (${unit}, ${shape}, ${better} is better)`,
  );
  const rows = gates.flatMap(({ criteria }) =>
    criteria.filter(({ kind }) => 'measured' in kind && kind.measured.some((binding) => binding.check === check.id)).map(({ id }) => `  ${id}`),
  );
  return [
    `${check.id}: ${check.title}`,
    '',
    `  Effects ${check.effects.join(', ')}; needs ${check.needs.join(', ') || 'nothing beside the application'}${check.wants === undefined ? '' : `, uses ${check.wants.join(', ')} where there are some`}; alone on ${check.locks.join(', ') || 'nothing'}; after ${check.after.join(', ') || 'nothing'}.`,
    '',
    'Metrics',
    ...metrics,
    '',
    'Criteria that it decides',
    ...(rows.length === 0 ? ['  none'] : rows),
  ];
}

function errorPage([code, { title, exit }]: readonly [string, { readonly title: string; readonly exit: number }]): string[] {
  return [code, '', `  ${title}`, `  The command ends with exit code ${exit}. Its message names the place and the remedy.`];
}
