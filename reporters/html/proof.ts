// What the figures rest on: health of the instruments, where the time went, artifacts, digests, machine. For the auditor and the curious.
import type { ExecutionReport, Instrument, RunPapers, RunReport } from '../../gates/model.ts';
import { timeFrame, timelineBar } from '../charts/timeline.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { counted, digits, duration, quantity } from '../quantity.ts';
import { NONE, factWords, instant } from '../wording.ts';
import { code, facts, section, table } from './parts.ts';

export function instruments(report: RunReport): Markup | false {
  return report.instruments.length > 0 && section('instruments', 'Instruments', h('ul', { class: 'instruments' }, ...report.instruments.map(instrument)));
}

function instrument({ name, version, healthy, why, facts: figures }: Instrument): Markup {
  const told = Object.entries(figures ?? {}).map(([fact, value]) => factWords(fact, value));
  return h(
    'li',
    null,
    h(
      'h3',
      null,
      oneLine(name),
      h('span', { class: 'quiet' }, ` ${oneLine(version)}`),
      h('span', { class: `badge s-${healthy ? 'pass' : 'inconclusive'}` }, healthy ? 'healthy' : 'sick'),
    ),
    why !== undefined && h('p', null, oneLine(why)),
    told.length > 0 && facts(told),
  );
}

export function executions(report: RunReport): Markup | false {
  if (report.executions.length === 0) return false;
  const frame = timeFrame(report);
  const bar = (execution: ExecutionReport): Child => timelineBar(execution, frame) ?? (execution.why === '' ? 'did not run' : oneLine(execution.why));
  const rows = report.executions.map((execution): Child[] => [
    oneLine(execution.id),
    h('span', { class: execution.outcome === 'measured' ? undefined : 'broken' }, execution.outcome),
    digits(execution.rounds),
    digits(execution.requests),
    execution.seconds === null ? NONE : duration(execution.seconds),
    bar(execution),
  ]);
  return section(
    'time',
    'Where the time went',
    h('p', { class: 'lead' }, `${duration(frame.lengthMs / 1000)} in all; each bar spans the time in which the check ran.`),
    table(
      'Executions of checks',
      [
        { name: 'Check' },
        { name: 'Outcome' },
        { name: 'Rounds', kind: 'figure' },
        { name: 'Requests', kind: 'figure' },
        { name: 'Time', kind: 'figure' },
        { name: 'When', kind: 'wide' },
      ],
      rows,
    ),
  );
}

export function artifacts(report: RunReport): Markup | false {
  if (report.artifacts.length === 0) return false;
  const rows = report.artifacts.map((artifact): Child[] => [
    oneLine(artifact.name),
    oneLine(artifact.mediaType),
    quantity(artifact.bytes, 'bytes'),
    code(artifact.sha256),
  ]);
  return section(
    'artifacts',
    counted(rows.length, 'artifact'),
    table('Artifacts with their digests', [{ name: 'Name' }, { name: 'Type' }, { name: 'Size', kind: 'figure' }, { name: 'SHA-256', kind: 'wide' }], rows),
  );
}

export function provenance(report: RunReport): Markup {
  const { machine, digests } = report;
  return section(
    'provenance',
    'Digests and machine',
    facts([
      ['Config', code(digests.config)],
      ['Policy', code(digests.policy)],
      ['Baselines', digests.baselines === null ? 'none used' : code(digests.baselines)],
      ['Tool', oneLine(machine.tool)],
      ['Node', oneLine(machine.node)],
      ['Platform', `${oneLine(machine.platform)}, ${counted(machine.cpus, 'CPU')}, ${digits(machine.memoryMiB)}\u202FMiB`],
      ['Journal', report.sealed ? 'sealed' : 'not sealed'],
    ]),
  );
}

/** Commands that anybody can run who does not believe the page. */
export function howToVerify(report: RunReport, papers: RunPapers | undefined): Markup {
  const run = /^[\w.+-]+$/u.test(report.run) ? report.run : 'RUN';
  const steps: readonly (readonly [what: string, command: string])[] = [
    ['Chains, digests, signatures, roles, expiry', `naap-gate verify ${run}`],
    ['Everything in one file, for an audit', `naap-gate bundle ${run} -o ${run}.tar`],
    ['Elsewhere, with public keys that you trust', `naap-gate verify ${run}.tar --approvers approvers.json --as-of decision`],
    ['This page again, as of now', `naap-gate report ${run}`],
    ['What a row proves, and what to do when it fails', `naap-gate explain ${report.criteria[0]?.id ?? 'CRITERION'}`],
  ];
  return section(
    'verify',
    'How to verify',
    h(
      'p',
      { class: 'lead' },
      papers === undefined
        ? 'This page was made at the seal; what people add later is not in it. It proves nothing by itself: the journal and the ledger of the run do.'
        : `This page shows the papers as of ${instant(papers.at)}. It proves nothing by itself: the journal and the ledger of the run do.`,
    ),
    facts(steps.map(([what, command]) => [what, code(oneLine(command))])),
  );
}
