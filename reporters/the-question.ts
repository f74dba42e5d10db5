// The last words of the page that is read aloud: what was decided, or what is to be decided and what stands in the way. Called by read-aloud.ts.
import type { RunReport, RunView } from '../gates/model.ts';
import { oneLine } from './plain-text.ts';
import { counted } from './quantity.ts';
import { sentence, spokenDay, spokenMoment } from './spoken.ts';
import { pendingGroups } from './wording.ts';

/** `report`: with what people have settled. */
export function theQuestion(view: RunView, report: RunReport): string[] {
  const { papers } = view;
  const broken = (papers?.findings ?? []).filter(({ level }) => level === 'broken');
  const warning =
    broken.length === 0 ? [] : [`The papers of this run do not hold together, in ${counted(broken.length, 'place')}; nothing should be decided on them.`];
  if (papers?.decision === undefined) return [...warning, ...open(report)];
  const { outcome, conditions, by, at, signedAs } = papers.decision;
  const who = `${oneLine(by)}${signedAs === undefined ? ', unsigned' : `, signed as ${oneLine(signedAs)}`}`;
  return [
    ...warning,
    `On ${spokenMoment(at)} the decision was ${outcome === 'conditional' ? 'a conditional go' : outcome} (${who}).`,
    ...conditions.map(({ text, owner, due }) => `Condition, by ${spokenDay(due)}, ${oneLine(owner)}: ${sentence(text)}`),
    ...(papers.holds ? [] : [`What speaks against it today: ${sentence(unmet(papers).join('; '))}`]),
  ];
}

function unmet(papers: NonNullable<RunView['papers']>): string[] {
  const texts = papers.findings
    .filter(({ level }) => level !== 'note')
    .map(({ text }) => oneLine(text).replace(/\.?\s*\((?:[a-z\d+-]+\.[a-z\d.+-]+(?:, )?)+\)$/u, ''));
  return texts.length <= 3 ? texts : [...texts.slice(0, 3), `${texts.length - 3} more`];
}

function open(report: RunReport): string[] {
  if (!report.sealed) return ['There is nothing to decide: the run did not finish. Is it resumed, or run again?'];
  if (report.criteria.length === 0) return ['There is nothing to decide: the gate has no criteria.'];
  const awaited = pendingGroups(report).length > 0;
  if (report.scope === 'partial') {
    const first = report.verdict === 'fail' ? ['What failed has to be mended first.'] : [];
    return [...first, 'The run is partial: it can be neither signed nor decided on. When is the gate run whole?'];
  }
  switch (report.verdict) {
    case 'fail':
      return ['As it stands the gate cannot be approved. Who mends what failed, and when is it run again?'];
    case 'inconclusive':
      return ['The run does not say enough to approve the gate. What is needed to measure the open rows, and when is it run again?'];
    case 'error':
      return report.criteria.every(({ kind }) => kind !== 'measured')
        ? ['This gate is decided by people alone. Do those who are waited for sign?']
        : ['Parts could not be measured, so the gate cannot be approved. Who makes them measurable, and when is it run again?'];
    case 'pass':
    case 'waived':
    case 'warn':
      return [
        ...reservations(report),
        awaited ? 'Do those who are waited for sign? Until they have, it is no go.' : 'Everything is in place. Is it go, no-go, or go under conditions?',
      ];
    default:
      return report.verdict satisfies never;
  }
}

function reservations(report: RunReport): string[] {
  if (report.verdict === 'waived') return ['What was measured passes only because of waivers: whoever approves, approves them too.'];
  if (report.verdict === 'warn') return ['What was measured passes with warnings: whoever approves has seen them.'];
  return report.notApplicable.length === 0 ? [] : ['Whoever approves also approves what is declared not applicable.'];
}
