// The pages on a gate and what belongs to it: roles, risks, rollback triggers. Called by look-up.
import type { Criterion, Gate } from '../../gates/model.ts';
import { kindOf } from '../../gates/judge.ts';
import { type TriggerCondition } from '../../gates/phases/core-database-cutover.ts';
import type { Risk } from '../../gates/phases/risks.ts';
import { counted, quantity } from '../../reporters/quantity.ts';
import { STATISTIC_WORDS } from './vocabulary.ts';
import { commandOf, type Known, metricWords } from './known.ts';
import { commands, items, type Page, pairs, section, text } from './page.ts';

export function gatePage(gate: Gate): Page {
  const { id, title, objective, source, criteria, approvers, team } = gate;
  const of = (kind: ReturnType<typeof kindOf>): number => criteria.filter((criterion) => kindOf(criterion) === kind).length;
  return {
    kind: 'gate',
    id,
    title,
    sections: [
      ...section('What it is for', text(`${objective} (${source})`)),
      ...section(
        'Its rows',
        text(
          `${counted(criteria.length, 'row')}: ${of('measured')} measured, ${of('evidence')} proved by documents, ${of('attested')} signed by people; ${criteria.filter(({ required }) => !required).length} of them optional.`,
        ),
        pairs(...[...Map.groupBy(criteria, (criterion) => criterion.section)].map(([name, rows]) => [name, rows.map(lastPart).join(', ')] as const)),
      ),
      ...section(
        'How it is decided',
        text(
          'By the worst of its required rows that have a verdict; an optional row can warn. Rows that wait for people stay open, and with --require-signoff they decide. A run of which rows were left out can be neither signed nor promoted.',
        ),
      ),
      ...section(
        'Who signs',
        pairs(['approvers', approvers.join(', ') || 'nobody'], ...signersOf(criteria).map(([role, rows]) => [role, rows.join(', ')] as const)),
      ),
      ...section(
        'Who is there',
        ...(team === undefined
          ? [text('The plan names nobody for it (Appendix B).')]
          : [
              pairs(
                ['leads', team.lead],
                ['review', team.reviewers.join(', ') || 'nobody'],
                ['are paged', team.onCall.join(', ') || 'nobody (plan, Appendix B: N/A)'],
              ),
            ]),
      ),
      ...section('To run it', commands(`naap-gate doctor --env NAME --gate ${id}`, `${commandOf(id)} --env NAME --dry-run`, `${commandOf(id)} --env NAME`)),
    ],
  };
}

function lastPart({ id }: Criterion): string {
  return id.split('.').at(-1) ?? id;
}

/** Each role that rows ask for, with those rows. */
function signersOf(criteria: readonly Criterion[]): readonly (readonly [string, readonly string[]])[] {
  const attested = criteria.flatMap((criterion) => ('attested' in criterion.kind ? [{ role: criterion.kind.attested, row: lastPart(criterion) }] : []));
  return [...Map.groupBy(attested, ({ role }) => role)].map(([role, rows]) => [role, rows.map(({ row }) => row)] as const);
}

/** Roles of all gates, with the rows that ask for each. */
export function rolesOf({ gates }: Known): ReadonlyMap<string, readonly Criterion[]> {
  const attested = gates.flatMap(({ criteria }) =>
    criteria.flatMap((criterion) => ('attested' in criterion.kind ? [{ role: criterion.kind.attested, criterion }] : [])),
  );
  return new Map([...Map.groupBy(attested, ({ role }) => role)].map(([role, rows]) => [role, rows.map(({ criterion }) => criterion)] as const));
}

export function rolePage(role: string, rows: readonly Criterion[], { gates }: Known): Page {
  const approves = gates.filter(({ approvers }) => approvers.includes(role));
  const serves = gates.filter(({ team }) => team?.lead === role);
  return {
    kind: 'role',
    id: role,
    title: `A role that signs ${counted(rows.length, 'row')}`,
    sections: [
      ...section('What it signs', items(...rows.map(({ id, text: words }) => `${id}: “${words}”`))),
      ...section('Gates that wait for it', text(approves.map(({ id }) => id).join(', '))),
      ...section('Gates that it leads', text(serves.map(({ id }) => id).join(', '))),
      ...section(
        'How it signs',
        text(
          `The keys of the people who have the role stand in \`approvers\` of the configuration: approvers: { '${role}': { keys: [{ ssh: 'ssh-ed25519 …', names: ['ann'] }], min: 1 } } (docs/sign-off.md).`,
        ),
        commands(`naap-gate signoff RUN --role "${role}"`),
      ),
    ],
  };
}

export function riskPage({ id, risk, probability, impact, mitigation, contingency, criteria, triggers }: Risk): Page {
  return {
    kind: 'risk',
    id,
    title: risk,
    sections: [
      ...section(
        'In the words of the plan',
        pairs(
          ['probability', probability],
          ['impact', impact],
          ['mitigation', mitigation],
          ['contingency', contingency],
          ['source', 'plan, Risk Management Matrix'],
        ),
      ),
      ...section('Criteria that watch it', items(...criteria)),
      ...section('Rollback triggers that watch it', items(...triggers)),
      ...section(
        'When it comes true',
        text(`A row above that fails is the first sign. The plan's answer is: ${contingency}. naap-gate explain CRITERION tells where to look for each row.`),
      ),
    ],
  };
}

export function triggerPage(trigger: TriggerCondition, risks: readonly Risk[], known: Known): Page {
  const { id, text: words, source, check, metric, statistic, op, value, minSamples, note } = trigger;
  const share = STATISTIC_WORDS[statistic];
  return {
    kind: 'trigger',
    id,
    title: `“${words}”`,
    sections: [
      ...section('What it says', text(`When this is true, the plan rolls back the cutover of the core database (${source}).`)),
      ...section(
        'How it is measured',
        text(
          `${metric} of the check ${check}: true when ${share === '' ? 'it' : share} is ${op} ${quantity(value, metricWords(known, check, metric).unit)}, of at least ${counted(minSamples, 'sample')}.`,
        ),
        text(note),
      ),
      ...section('Risks that it watches', items(...risks.filter(({ triggers }) => triggers.includes(id)).map((risk) => `${risk.id}: ${risk.risk}`))),
      ...section(
        'What to do when it fires',
        text(
          'Look whether the signal itself is healthy: a blind signal fires nothing and proves nothing. Then decide by the rollback plan: would a rollback help, what does it cost, until when can it be decided.',
        ),
      ),
    ],
  };
}
