// Reads the plan's markdown: every row that a gate must have, where it stands, in the plan's words. For completeness.test.ts.

/** One thing the plan asks for. Two are the same when all but `line` is. */
export interface PlanRow {
  /** Gate id, or the table that it comes from. */
  readonly list: string;
  readonly section: string;
  readonly text: string;
  readonly source: string;
  /** Index of its line; absent in rows made from data. */
  readonly line?: number;
}

/** Headings inside the fenced checklists, and the gates that they stand for; a stage's gate comes from its section. */
const CHECKLISTS: readonly (readonly [heading: RegExp, gate: (phase: string, section: string) => string])[] = [
  [/^Phase (\d) Completion Checklist$/, (phase) => `phase${phase}`],
  [/^Production Cutover Plan$/, (_, section) => `cutover-${STAGES[section.split(':')[0] ?? ''] ?? section}`],
  [/^Core Database Cutover Checklist$/, (_, section) => (section === TRIGGERS ? TRIGGERS : `cutover-${STAGES[section] ?? section}`)],
];

const STAGES: Readonly<Record<string, string>> = {
  'T-7 Days': 't-7d',
  'T-1 Day': 't-1d',
  'T-0': 't-0',
  'T+1 Hour': 't+1h',
  'T+24 Hours': 't+24h',
  'T+7 Days': 't+7d',
  'Pre-cutover (T-1 hour)': 'db-pre',
  'Cutover (T-0)': 'db-cutover',
  'Post-cutover (T+1 hour)': 'db-post',
};

export const TRIGGERS = 'Rollback trigger conditions';
export const RISKS = 'Risk Management Matrix';
export const TEAM = 'B. Team Responsibilities';
export const PHASES = 'Phases';
const APPROVAL = 'Approval Required From';
const METRICS = 'Success Metrics';

interface Place {
  /** Headings outside fences, by level: `## `, `### `, `#### `. */
  readonly headings: readonly string[];
  /** `**Deliverables**:` and the like, until the next heading. */
  readonly label: string;
  /** Headings inside a ```markdown fence; empty outside. */
  readonly checklist: string;
  readonly section: string;
}

/** In document order. A `- [ ]` at a place that is not known gets the list `unknown`: a new checklist in the plan is found, too. */
export function readPlan(markdown: string): PlanRow[] {
  const lines = markdown.split('\n');
  const rows: PlanRow[] = [];
  let place: Place = { headings: [], label: '', checklist: '', section: '' };
  let fence: string | undefined;
  for (const [line, text] of lines.entries()) {
    const mark = /^```(\w*)/.exec(text)?.[1];
    if (mark !== undefined) {
      fence = fence === undefined ? mark : undefined;
      place = { ...place, checklist: '', section: '' };
    } else if (fence === undefined || fence === 'markdown') {
      place = placeAt(place, text, fence !== undefined);
      rows.push(...rowsOf(place, text).map((row) => ({ ...row, line })));
    }
  }
  return placeDeliverables(rows);
}

function placeAt(place: Place, text: string, isFenced: boolean): Place {
  const [, hashes = '', title = ''] = /^(#{1,4}) (.+)$/.exec(text) ?? [];
  if (isFenced) return hashes === '##' ? { ...place, checklist: title, section: '' } : hashes === '###' ? { ...place, section: title } : place;
  if (hashes !== '') return { ...place, headings: [...place.headings.slice(0, hashes.length - 1), title].slice(0, hashes.length), label: '' };
  const label = /^\*\*(.+)\*\*:/.exec(text)?.[1];
  return label === undefined ? place : { ...place, label };
}

function rowsOf(place: Place, text: string): PlanRow[] {
  const [, part = '', subpart = ''] = place.headings;
  const item = /^- (\[ \] )?(.+)$/.exec(text);
  const cells = /^\|(.+)\|$/
    .exec(text)?.[1]
    ?.split('|')
    .map((cell) => cell.trim());
  if (cells !== undefined) return tableRow(part, subpart, cells);
  if (/^Phase \d: /.test(part) && text.startsWith('**Objective**: ')) {
    return [{ list: PHASES, section: `phase${part.charAt(6)}`, text: `${part} | ${text.slice('**Objective**: '.length)}`, source: '' }];
  }
  if (item === null) return [];
  const words = (item[2] ?? '').replace(/: _+ Date: _+$/, '');
  const isBox = item[1] !== undefined;
  if (place.checklist !== '') return listRow(place, words, isBox);
  if (!isBox) return [];
  if (place.label === APPROVAL) return [{ list: 'plan', section: APPROVAL, text: words, source: `plan, ${part}` }];
  const gate = place.label === 'Deliverables' ? /^Phase (\d)/.exec(part)?.[1] : undefined;
  // The last heading of each level, until it is known how many lists of deliverables the part has.
  return [{ list: gate === undefined ? 'unknown' : `phase${gate}`, section: DELIVERABLES, text: words, source: place.headings.slice(2).join('\n') }];
}

const DELIVERABLES = 'Deliverables';

function listRow(place: Place, words: string, isBox: boolean): PlanRow[] {
  const source = `plan §${numberOf(place.headings.at(-1) ?? '')}`;
  for (const [heading, gate] of CHECKLISTS) {
    const match = heading.exec(place.checklist);
    if (match !== null) return [{ list: gate(match[1] ?? '', place.section), section: place.section, text: words, source }];
  }
  return isBox ? [{ list: 'unknown', section: place.section, text: words, source }] : [];
}

function tableRow(part: string, subpart: string, cells: readonly string[]): PlanRow[] {
  const isHead = ['Metric', 'Risk', 'Phase'].includes(cells[0] ?? '') || /^-+$/.test(cells[0] ?? '');
  if (isHead) return [];
  if (part === METRICS) {
    const [metric, ...rest] = cells;
    const [target, how, baseline] = rest.length === 3 ? [rest[1], rest[2], `baseline ${rest[0]}; `] : [rest[0], rest[1], ''];
    return [{ list: 'success', section: subpart, text: `${metric} ${target} (${baseline}${how})`, source: `plan, ${METRICS}` }];
  }
  if (part === RISKS) return [{ list: RISKS, section: '', text: cells.join(' | '), source: '' }];
  if (subpart === TEAM) return [{ list: TEAM, section: `phase${cells[0]}`, text: cells.slice(1).join(' | '), source: '' }];
  return [];
}

/** A part with several lists of deliverables (0.1) names them by its subparts (0.1.1); one with a single list (2.1) by itself. */
function placeDeliverables(rows: readonly PlanRow[]): PlanRow[] {
  const placesOf = (row: PlanRow): string[] => row.source.split('\n');
  return rows.map((row) => {
    if (row.section !== DELIVERABLES) return row;
    const [part = '', subpart = part] = placesOf(row);
    const lists = new Set(
      rows.filter((other) => other.section === DELIVERABLES && other.list === row.list && placesOf(other)[0] === part).map(({ source }) => source),
    );
    const heading = lists.size > 1 ? subpart : part;
    return { ...row, section: `${DELIVERABLES}: ${heading.replace(/^[\d.]+ /, '')}`, source: `plan §${numberOf(heading)}` };
  });
}

function numberOf(heading: string): string {
  return /^[\d.]*\d/.exec(heading)?.[0] ?? heading;
}

/** What one side has and the other has not, and what stands in another order, in words; empty: they say the same. */
export function differences(plan: readonly PlanRow[], data: readonly PlanRow[]): string[] {
  const words = ({ list, section, text, source }: PlanRow): string => [list, section, text, source].filter((part) => part !== '').join(' › ');
  const missing = without(plan.map(words), data.map(words)).map((row) => `in the plan, not in the data: ${row}`);
  const extra = without(data.map(words), plan.map(words)).map((row) => `in the data, not in the plan: ${row}`);
  if (missing.length + extra.length > 0) return [...missing, ...extra];
  const lists = [...new Set(plan.map(({ list }) => list))];
  const inOrder = (rows: readonly PlanRow[], list: string): string =>
    rows
      .filter((row) => row.list === list)
      .toSorted((a, b) => Number(isDeliverable(a)) - Number(isDeliverable(b)))
      .map(words)
      .join('\n');
  return lists.filter((list) => inOrder(plan, list) !== inOrder(data, list)).map((list) => `in another order: ${list}`);
}

/** The plan lists deliverables before a phase's checklist; the gate has the checklist first, because it decides. */
export function isDeliverable({ section }: { readonly section: string }): boolean {
  return section.startsWith(DELIVERABLES);
}

/** `all` minus `some`, by number: a row that stands twice must be matched twice. */
function without(all: readonly string[], some: readonly string[]): string[] {
  const left = [...some];
  return all.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
