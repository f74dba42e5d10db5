// `naap-gate check <check|suite> --env NAME`: measures one thing, or a whole suite, against its default expectation.
import type { Command } from 'commander';
import { type Check, type Criterion, type Expectation, type Gate, GateError } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { checksToCome, gates } from '../../gates/phases/index.ts';
import { checks, suites } from '../../suites/index.ts';
import type { Act, Host } from '../terminal.ts';
import { gateOptions } from './gate-options.ts';
import { type GateRunOptions, gateRun } from './gate-run.ts';

export function registerCheck(program: Command, host: Host, act: Act): void {
  gateOptions(program.command('check <check-or-suite>').description('measure one thing, or a whole suite, against its default expectation')).action(
    (name: string, options: GateRunOptions) => act(() => gateRun(gateOf(name), options, host)),
  );
}

/** A gate made on the fly. Its id is no phase's, so what it proves can be signed for no phase. Throws UNKNOWN_CHECK. */
export function gateOf(name: string): Gate {
  const suite = suites[name];
  const one = checks.find(({ id }) => id === name);
  const chosen = suite ?? (one === undefined ? undefined : [one]);
  if (chosen === undefined) throw unknown(name);
  const id = `check-${name}`;
  return {
    id,
    title: suite === undefined ? `Check ${name}: ${one?.title ?? name}` : `Checks of the suite ${name}`,
    objective: 'Measures against default expectations; decides nothing about a phase.',
    source: suites[name] === undefined ? `default expectations of ${name}` : `default expectations of the checks in suites/${name}`,
    criteria: chosen.flatMap((check) => check.defaultExpect.map((expect) => criterionOf(id, check, expect))),
    approvers: [],
  };
}

function criterionOf(gate: string, check: Check, expect: Expectation): Criterion {
  const quantity = expect.metric.replaceAll('.', '-');
  const title = check.metrics[expect.metric]?.title ?? expect.metric;
  const isOneOfSeveral = check.defaultExpect.filter(({ metric }) => metric === expect.metric).length > 1;
  const statistic = isOneOfSeveral && 'statistic' in expect ? expect.statistic : undefined;
  return {
    id: `${gate}.${check.id}.${quantity}${statistic === undefined ? '' : `-${statistic}`}`,
    section: check.title,
    text: `${title}${statistic === undefined ? '' : ` (${statistic})`}`,
    source: `default expectation of ${check.id}`,
    required: true,
    profiles: ['pr', 'full'],
    kind: { measured: [{ check: check.id, expect, scope: scopeOf(check.id, expect.metric) }] },
  };
}

/** As the gates judge it: what is held against its limit route by route there, is here too. */
function scopeOf(check: string, metric: string): 'overall' | 'each' {
  const bindings = gates.flatMap(({ criteria }) => criteria.flatMap(({ kind }) => ('measured' in kind ? kind.measured : [])));
  return bindings.some((binding) => binding.check === check && binding.expect.metric === metric && binding.scope === 'each') ? 'each' : 'overall';
}

function unknown(name: string): GateError {
  if (checksToCome.includes(name))
    return new GateError('UNKNOWN_CHECK', `The check "${name}" is not built yet; the rows bound to it are errors (NO_CHECK_YET).`, {
      remedy: 'naap-gate list checks shows those that are.',
    });
  const ids = checks.map(({ id }) => id);
  const meant = nearest(name, [...ids, ...Object.keys(suites)]);
  return new GateError('UNKNOWN_CHECK', `No check or suite "${name}". Checks: ${ids.join(', ')}. Suites: ${Object.keys(suites).join(', ')}.`, {
    remedy: meant === undefined ? 'naap-gate list checks tells what each of them measures.' : `Did you mean "${meant}"?`,
  });
}
