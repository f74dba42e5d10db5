// The page on a criterion: what it proves, how, by which numbers, who is needed, which faults it is proven to catch, what to do. Called by look-up.
import type { Binding, Check, Criterion, EvidenceRule, Gate } from '../../gates/model.ts';
import { kindOf } from '../../gates/judge.ts';
import { previousGateOf } from '../../gates/paper/standings.ts';
import { CHECKS_TO_COME } from '../../gates/phases/checks-to-come.ts';
import { risks } from '../../gates/phases/risks.ts';
import { advice } from './criterion-advice.ts';
import { bindingWords } from './expectation-words.ts';
import { commandOf, findCheck, type Known, metricWords } from './known.ts';
import { commands, items, type Page, pairs, section, type Section, text } from './page.ts';
import { EFFECT_WORDS, EVIDENCE_WORDS, LOCK_WORDS, NEED_WORDS } from './vocabulary.ts';

export function criterionPage(criterion: Criterion, gate: Gate, known: Known): Page {
  const { id, source, note, required, section: part } = criterion;
  return {
    kind: 'criterion',
    id,
    title: `“${criterion.text}”`,
    sections: [
      ...section(
        'The row',
        pairs(
          ['gate', `${gate.title} (${gate.id})`],
          ['section', part],
          ['source', source],
          ['kind', `${kindOf(criterion)}, ${required ? 'required' : 'optional: it can warn, and never fails the gate'}`],
          ['profiles', criterion.profiles.join(' and ')],
          ...(criterion.aliases === undefined ? [] : [['also called', criterion.aliases.join(', ')] as const]),
        ),
      ),
      ...section('What it proves', ...provesOf(criterion, known).map(text)),
      ...howOf(criterion, known),
      ...section('Where the numbers come from', text(`The row and what it asks for: ${source}.`), items(...sourcesOf(criterion, known))),
      ...section('Where it is read otherwise than written', text(note ?? '')),
      ...section('How it is known to find what it looks for', ...faultsOf(criterion, gate, known)),
      ...section('When it does not pass', pairs(...advice(criterion, known))),
      ...section('Risks that it watches', pairs(...risksOf(criterion))),
      ...section('To run it alone', ...runOf(criterion, gate)),
    ],
  };
}

function bindingsOf({ kind }: Criterion): readonly Binding[] {
  return 'measured' in kind ? kind.measured : [];
}
function checkIds(criterion: Criterion): readonly string[] {
  return [...new Set(bindingsOf(criterion).map(({ check }) => check))];
}
function builtChecks(criterion: Criterion, known: Known): readonly Check[] {
  return checkIds(criterion).flatMap((id) => findCheck(known, id) ?? []);
}

function provesOf(criterion: Criterion, known: Known): readonly string[] {
  const { kind, text: words } = criterion;
  if ('evidence' in kind)
    return [`That there is a document which shows “${words}”, and that it was there at the meeting: it is kept with its digest. Who reads it answers for it.`];
  if ('attested' in kind) {
    const gate = previousGateOf(kind.attested);
    return gate === undefined
      ? [`That the ${kind.attested} has looked and answers for it with a signature. No machine can see this.`]
      : [`That ${gate} ended with a signed run that still verifies: its bundle is checked like any other, chain, signatures and roles.`];
  }
  const parts = checkIds(criterion).map((id) => ({ id, check: findCheck(known, id) }));
  return parts.map(({ id, check }) => check?.about.proves ?? `Will prove by the check ${id}: ${CHECKS_TO_COME[id]?.title ?? id}. It is not built yet.`);
}

function howOf(criterion: Criterion, known: Known): readonly Section[] {
  const { kind } = criterion;
  if ('evidence' in kind)
    return section('How it is proved', ...kind.evidence.flatMap((rule) => [text(`${rule.describe} ${ruleWords(rule)}`)]), addCommand(criterion));
  if ('attested' in kind) return section('How it is proved', ...signatureBlocks(criterion, kind.attested));
  return [
    ...section('How it is measured', ...checkIds(criterion).map((id) => text(measuredBy(id, findCheck(known, id))))),
    ...section(
      'It passes when all of this holds',
      items(...kind.measured.map((binding) => bindingWords(binding, metricWords(known, binding.check, binding.expect.metric)))),
    ),
    ...section('What it needs and does', pairs(...needsOf(builtChecks(criterion, known)))),
    ...section('With which settings', pairs(...settingsOf(criterion, known))),
  ];
}

function measuredBy(id: string, check: Check | undefined): string {
  if (check === undefined)
    return `By the check ${id}, which this version does not have yet: until it does, the row is an error (NO_CHECK_YET), never anything better.`;
  return `${check.title} (naap-gate explain ${id}). ${check.about.how}`;
}

function ruleWords(rule: EvidenceRule): string {
  const words = EVIDENCE_WORDS[rule.kind];
  if (rule.kind === 'coverage') return `${words} The least is ${rule.minimum * 100} %${rule.exclusive === true ? ', and that itself is not enough' : ''}.`;
  return rule.kind === 'runbook' ? `${words} Required: ${rule.headings.join(', ')}.` : words;
}

function addCommand({ id }: Criterion) {
  return commands(`naap-gate evidence add ${id} FILE --run RUN`);
}

function signatureBlocks(criterion: Criterion, role: string) {
  const gate = previousGateOf(role);
  if (gate !== undefined)
    return [
      text(`By the bundle of the signed run of ${gate}, which is added as evidence and verified with the same approvers.`),
      commands(`naap-gate bundle RUN-OF-${gate.toUpperCase()} -o ${gate}.tar`, `naap-gate evidence add ${criterion.id} ${gate}.tar --run RUN`),
    ];
  return [
    text(
      `The ${role} signs for it. The keys that may stand in \`approvers\` of the configuration. One signature covers all rows of the role, unless --criterion names some.`,
    ),
    commands(`naap-gate signoff RUN --role "${role}"`, `naap-gate signoff RUN --role "${role}" --criterion ${criterion.id} --reject --reason WHY`),
  ];
}

function needsOf(checks: readonly Check[]): readonly (readonly [string, string])[] {
  const over = <Word>(pick: (check: Check) => readonly Word[]): readonly Word[] => [...new Set(checks.flatMap(pick))];
  const row = (name: string, words: readonly string[]): readonly (readonly [string, string])[] => (words.length === 0 ? [] : [[name, words.join('; ')]]);
  return [
    ...over(({ effects }) => effects).map((effect) => [effect, EFFECT_WORDS[effect]] as const),
    ...row(
      'needs',
      over(({ needs }) => needs).map((need) => NEED_WORDS[need]),
    ),
    ...row(
      'uses if there',
      over(({ wants = [] }) => wants).map((need) => NEED_WORDS[need]),
    ),
    ...row(
      'has alone',
      over(({ locks }) => locks).map((lock) => LOCK_WORDS[lock]),
    ),
    ...row(
      'comes after',
      over(({ after }) => after),
    ),
  ];
}

function settingsOf(criterion: Criterion, known: Known): readonly (readonly [string, string])[] {
  return bindingsOf(criterion)
    .map(({ check: id, options }) => ({ check: findCheck(known, id), options }))
    .filter(({ check }, index, all) => all.findIndex((other) => other.check === check) === index)
    .flatMap(({ check, options }) => (check === undefined ? [] : presetPairs(check, options)));
}

/** One line a profile; none where a check has no options. */
export function presetPairs(check: Check, options?: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return (['pr', 'full'] as const).flatMap((profile) => {
    const entries = Object.entries({ ...(check.presets[profile] as object), ...options });
    return entries.length === 0 ? [] : [[`${check.id}, ${profile}`, entries.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')] as const];
  });
}

function sourcesOf(criterion: Criterion, known: Known): readonly string[] {
  return builtChecks(criterion, known).map(({ id, about }) => `${id}: ${about.source}`);
}

function faultsOf({ id, kind }: Criterion, gate: Gate, { faults }: Known) {
  const own = faults.filter(({ must }) => must.includes(id));
  if (own.length === 0) return 'measured' in kind ? [text('No fault of the twin is about this row yet: it was never seen to fail for a known defect.')] : [];
  const [first] = own;
  return [
    text('Each of these defects of the twin was seen to make it fail, and nothing else beyond what the defect explains (npm run exam):'),
    pairs(...own.map((fault) => [fault.id, `${fault.title}.`] as const)),
    commands([commandOf(gate.id), '--env demo', `--fault ${first?.id ?? ''}`, ...(first?.args ?? []), `--only ${id}`].join(' ')),
  ];
}

function risksOf({ id }: Criterion): readonly (readonly [string, string])[] {
  return risks
    .filter(({ criteria }) => criteria.includes(id))
    .map(
      ({ id: risk, risk: words, probability, impact }) =>
        [risk, `${words} (probability ${probability.toLowerCase()}, impact ${impact.toLowerCase()})`] as const,
    );
}

function runOf(criterion: Criterion, gate: Gate) {
  if (bindingsOf(criterion).length === 0) return [];
  return [commands(`${commandOf(gate.id)} --env NAME --only ${criterion.id}`)];
}
