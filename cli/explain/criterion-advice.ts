// What to do when a row does not pass, by the states that its kind can come to. Called by the pages on criteria and checks.
import type { Binding, Criterion, Reason } from '../../gates/model.ts';
import { REASON_MEANINGS } from '../../gates/model.ts';
import { previousGateOf } from '../../gates/paper/standings.ts';
import { findCheck, type Known } from './known.ts';

type Advice = readonly (readonly [state: string, text: string])[];
type Code = Reason['code'];

export function advice(criterion: Criterion, known: Known): Advice {
  const { kind } = criterion;
  if ('evidence' in kind) return named([...of('AWAITS_EVIDENCE'), ...of('EVIDENCE_FAILED')], 'CRITERION', criterion.id);
  if ('attested' in kind)
    return previousGateOf(kind.attested) === undefined
      ? named([...of('AWAITS_SIGNATURE'), ...of('REJECTED')], 'ROLE', JSON.stringify(kind.attested))
      : previousGate(kind.attested);
  return measuredAdvice(kind.measured, criterion.profiles.includes('pr'), known);
}

function previousGate(role: string): Advice {
  const gate = previousGateOf(role) ?? '';
  return [
    ['pending', `AWAITS_SIGNATURE: no bundle was added. Run ${gate}, have it signed, and add its bundle.`],
    ['fail', `EVIDENCE_FAILED: the bundle does not verify, or is not of ${gate}. naap-gate verify FILE says why.`],
  ];
}

function measuredAdvice(bindings: readonly Binding[], isInPr: boolean, known: Known): Advice {
  const checks = [...new Set(bindings.map(({ check }) => check))].map((id) => ({ id, check: findCheck(known, id) }));
  const built = checks.flatMap(({ check }) => check ?? []);
  const isToCome = checks.some(({ check }) => check === undefined);
  const effects = built.flatMap((check) => check.effects);
  return [
    ...built.map(({ id, about }) => ['fail', built.length > 1 ? `${id}: ${about.whenItFails}` : about.whenItFails] as const),
    ...bindings
      .flatMap(({ expect }) => KINDS[expect.kind])
      .filter((code, index, all) => all.indexOf(code) === index)
      .flatMap(of),
    ...(built.some(({ needs }) => needs.length > 0) ? of('PRECONDITION_MISSING') : []),
    ...(built.length > 0 ? [...of('INSTRUMENT_SICK'), ...of('CHECK_ERROR')] : []),
    ...(isToCome ? of('NO_CHECK_YET') : []),
    ...(effects.includes('load') ? [...of('NO_LOAD_CONSENT'), ...of('LOAD_CAP')] : []),
    ...(effects.some((effect) => effect !== 'load' && effect !== 'read') ? of('EFFECT_NOT_ALLOWED') : []),
    ...(isInPr ? [] : of('NOT_IN_PROFILE')),
  ];
}

/** What each kind of expectation can come to beside its failure. */
const KINDS: Readonly<Record<Binding['expect']['kind'], readonly Code[]>> = {
  limit: ['TOO_FEW_SAMPLES'],
  baseline: ['NO_BASELINE', 'UNDECIDED', 'TOO_FEW_SAMPLES'],
  versus: ['NO_BASELINE', 'UNDECIDED', 'TOO_FEW_SAMPLES'],
  none: ['NO_DATA'],
  'no-new': ['NO_BASELINE'],
  cases: ['CASES_FLAKY', 'CASES_NOT_RUN'],
};

function of(code: Code): Advice {
  const { state, next } = REASON_MEANINGS[code];
  return [[state, `${code}: ${next}`]];
}

/** With the name in the place of the word that stands for it. */
function named(list: Advice, word: string, name: string): Advice {
  return list.map(([state, words]) => [state, words.replaceAll(word, name)]);
}
