// The folded parts of report.md, in the order in which an approver reads them.
import type { CriterionReport, RunReport, RunView } from '../../gates/model.ts';
import { counted, digits, duration, quantity } from '../quantity.ts';
import { NONE, STATE_WORDS, WAIVER_WORDS, bySection, deferredGroups, factWords, instant, pendingGroups, resultWords, tellingResult } from '../wording.ts';
import type { Group } from '../wording.ts';
import { limitsChanged } from '../changed-limits.ts';
import { comparisons } from '../comparisons.ts';
import { readAloud } from '../read-aloud.ts';
import { touchedRisks } from '../risks.ts';
import { cell, text, tick } from './escape.ts';
import { paperParts } from './papers.ts';
import { type Folded, table } from './table.ts';

function groups(entries: readonly Group[]): string[] {
  return entries.map(({ what, criteria }) => `- ${text(what)}: ${criteria.map(tick).join(', ')}`);
}

function notApplicable(report: RunReport): Folded {
  const rows = report.notApplicable.map((entry) => [tick(entry.criterion), cell(entry.reason), cell(entry.owner), entry.until]);
  return { title: `${rows.length} declared not applicable (approvers sign this list)`, body: table(['criterion', 'reason', 'owner', 'until'], rows) };
}

function checklistRow(criterion: CriterionReport): string[] {
  const result = tellingResult(criterion);
  const number = result === undefined || result.n === 0 ? NONE : resultWords(result).number;
  return [STATE_WORDS[criterion.state], cell(criterion.text), cell(number), cell(criterion.reason.text), tick(criterion.id)];
}

function checklist(report: RunReport): Folded {
  const body = [...bySection(report.criteria)].flatMap(([section, rows]) => [
    '',
    `**${text(section)}**`,
    '',
    ...table(['state', 'criterion', 'number', 'reason', 'id'], rows.map(checklistRow)),
  ]);
  return { title: `Every criterion (${report.criteria.length})`, body };
}

function waivers(report: RunReport): Folded {
  const rows = report.waivers.map((waiver) => [
    tick(waiver.criterion),
    cell(waiver.reason),
    cell(waiver.owner),
    cell(waiver.until),
    waiver.max === undefined ? 'no cap' : digits(waiver.max),
    WAIVER_WORDS[waiver.state],
    cell(waiver.text),
  ]);
  return { title: counted(rows.length, 'waiver'), body: table(['criterion', 'reason', 'owner', 'until', 'up to', 'state', 'what became of it'], rows) };
}

function changedLimits(report: RunReport): Folded {
  const rows = limitsChanged(report).map(({ criterion, unit, here, changed }) => [
    tick(criterion),
    cell(quantity(changed.from, unit)),
    cell(quantity(here, unit)),
    cell(changed.reason),
    cell(changed.owner),
    cell(changed.until),
  ]);
  return {
    title: `${counted(rows.length, 'limit is', 'limits are')} not the plan's`,
    body: table(['criterion', 'plan', 'here', 'reason', 'owner', 'until'], rows),
  };
}

function compared(view: RunView, report: RunReport): Folded {
  const rows = comparisons(view, report).map(({ criterion, result, here, before, difference, interval, allowed }) => [
    STATE_WORDS[result.verdict],
    cell(`${criterion.text}${result.statistic === undefined ? '' : ` (${result.statistic})`}`),
    cell(here),
    cell(before),
    cell(difference),
    cell(interval),
    cell(allowed),
    cell(result.reason.text),
  ]);
  return {
    title: counted(rows.length, 'comparison'),
    body: table(['verdict', 'criterion', 'target', 'before', 'difference', 'interval', 'allowed', 'why'], rows),
  };
}

function spoken(view: RunView): Folded {
  return { title: 'To read aloud', body: readAloud(view).map(({ title, sentences }) => `- **${text(title)}**: ${sentences.map(text).join(' ')}`) };
}

function risks(report: RunReport): Folded {
  const rows = touchedRisks(report).map(({ risk, rows: own }) => [
    cell(risk.risk),
    cell(`${risk.probability} / ${risk.impact}`),
    own.map(({ state, text: words }) => `${STATE_WORDS[state]}: ${cell(words)}`).join('<br>'),
  ]);
  return { title: `${counted(rows.length, 'risk')} of the plan's that this gate watches`, body: table(['risk', 'probability / impact', 'rows'], rows) };
}

function instruments(report: RunReport): Folded {
  const rows = report.instruments.map(({ name, version, healthy, why, facts }) => [
    cell(name),
    cell(version),
    healthy ? 'healthy' : `sick: ${text(why ?? 'no reason given')}`,
    cell(
      Object.entries(facts ?? {})
        .map(([fact, value]) => factWords(fact, value).join(' '))
        .join(', '),
    ),
  ]);
  return { title: 'Instruments', body: table(['instrument', 'version', 'health', 'figures'], rows) };
}

function executions(report: RunReport): Folded {
  const rows = report.executions.map(({ id, outcome, rounds, requests, seconds, why }) => [
    cell(id),
    outcome,
    digits(rounds),
    digits(requests),
    seconds === null ? NONE : duration(seconds),
    cell(why),
  ]);
  return { title: 'Where the time went', body: table(['check', 'outcome', 'rounds', 'requests', 'time', 'why'], rows) };
}

function attempts(report: RunReport): Folded {
  const rows = report.attempts.map((attempt) => [
    instant(attempt.startedAt),
    tick(attempt.run),
    attempt.verdict ?? 'no verdict',
    attempt.sealed ? 'sealed' : 'not sealed',
    cell(attempt.reason),
  ]);
  return { title: `Attempts on this subject (${rows.length})`, body: table(['started', 'run', 'verdict', 'journal', 'result'], rows) };
}

function artifacts(report: RunReport): Folded {
  const rows = report.artifacts.map(({ name, mediaType, bytes, sha256 }) => [cell(name), cell(mediaType), quantity(bytes, 'bytes'), tick(sha256)]);
  return { title: counted(rows.length, 'artifact'), body: table(['name', 'type', 'size', 'SHA-256'], rows) };
}

function provenance({ digests, machine }: RunReport): Folded {
  return {
    title: 'Digests and machine',
    body: [
      `- config ${tick(digests.config)}`,
      `- policy ${tick(digests.policy)}`,
      `- baselines ${digests.baselines === null ? 'none used' : tick(digests.baselines)}`,
      `- ${text(machine.tool)}, Node ${text(machine.node)}, ${text(machine.platform)}, ${counted(machine.cpus, 'CPU')}, ${digits(machine.memoryMiB)} MiB`,
    ],
  };
}

/** Only what there is. What is declared away comes first. `report`: with what people have settled. */
export function folded(view: RunView, report: RunReport): readonly Folded[] {
  const pendingCount = report.pending.length;
  const parts: readonly (readonly [isThere: boolean, part: Folded])[] = [
    [report.notApplicable.length > 0, notApplicable(report)],
    [report.waivers.length > 0, waivers(report)],
    [limitsChanged(report).length > 0, changedLimits(report)],
    [comparisons(view, report).length > 0, compared(view, report)],
    [pendingCount > 0, { title: `${pendingCount === 1 ? '1 waits' : `${pendingCount} wait`} for people`, body: groups(pendingGroups(report)) }],
    [report.counts.deferred > 0, { title: `${report.counts.deferred} left out of this run`, body: groups(deferredGroups(report)) }],
    ...paperParts(view.papers),
    [report.criteria.length > 0, checklist(report)],
    [report.criteria.length > 0, spoken(view)],
    [touchedRisks(report).length > 0, risks(report)],
    [report.instruments.length > 0, instruments(report)],
    [report.executions.length > 0, executions(report)],
    [report.attempts.length > 0, attempts(report)],
    [report.artifacts.length > 0, artifacts(report)],
    [true, provenance(report)],
  ];
  return parts.filter(([isThere]) => isThere).map(([, part]) => part);
}
