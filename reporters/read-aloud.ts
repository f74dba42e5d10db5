// One page that a lead reads aloud in the gate meeting: plain sentences made of the report, and the question to decide. For html/ and markdown/.
import { isVerdict } from '../gates/lattice.ts';
import type { CriterionReport, RunReport, RunView, State } from '../gates/model.ts';
import { limitsChanged } from './changed-limits.ts';
import { oneLine } from './plain-text.ts';
import { counted, quantity } from './quantity.ts';
import { touchedRisks } from './risks.ts';
import { settledReport } from './settled.ts';
import { ordinal, rowWithNumber, sentence, spokenDay, spokenList, spokenMoment, whatIsWrong } from './spoken.ts';
import { theQuestion } from './the-question.ts';
import { bySection, pendingGroups } from './wording.ts';

export interface ReadPart {
  readonly title: string;
  readonly sentences: readonly string[];
  /** The one that must be heard. */
  readonly said?: string;
}

/** More of one kind are counted, so that the page stays one. */
const SAID = 6;
/** Rows named for one reason. */
const SHARING = 4;
/** Passed rows are named up to here, beyond it counted by section. */
const NAMED = 14;
/** Characters of one sentence of a measured text. */
const LONGEST = 240;

/** In the order of the meeting; parts without anything to say are left out. */
export function readAloud(view: RunView): readonly ReadPart[] {
  const report = settledReport(view);
  const parts: readonly ReadPart[] = [
    { title: 'What was judged', sentences: [judged(view.report), ...tries(view.report)] },
    { title: 'What passed', sentences: passed(view, report) },
    { title: 'What failed', sentences: wrong(report, 'fail') },
    { title: 'What could not be decided', sentences: [...wrong(report, 'inconclusive'), ...wrong(report, 'error')] },
    { title: 'What warns', sentences: wrong(report, 'warn') },
    { title: 'What is allowed to differ', sentences: [...waived(report), ...changed(report), ...notApplicable(report), ...reportMode(report)] },
    { title: 'Who is waited for', sentences: waits(report) },
    { title: 'What was left out', sentences: leftOut(report) },
    { title: 'Which risks it touches', sentences: risksTouched(report) },
    lastPart(view, report),
  ];
  return parts.filter(({ sentences }) => sentences.length > 0);
}

/** Of a question its last sentence, of a decision what was decided. */
function lastPart(view: RunView, report: RunReport): ReadPart {
  const sentences = theQuestion(view, report);
  const isDecided = view.papers?.decision !== undefined;
  const said = isDecided ? sentences.find((text) => text.startsWith('On ')) : sentences.at(-1);
  return { title: isDecided ? 'The decision' : 'The question', sentences, ...(said === undefined ? {} : { said }) };
}

const clipped = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST).replace(/\s\S*$/u, '')} …`);

/** The first few, then how many more there are. */
function few(sentences: readonly string[]): string[] {
  const more = sentences.length - SAID;
  return more <= 0 ? [...sentences] : [...sentences.slice(0, SAID), `And ${more} more; the checklist has them all.`];
}

function judged({ title, environment, target, profile, startedAt, endedAt, subject, sealed }: RunReport): string {
  const build = [
    subject.commit === null ? 'a commit that the application does not tell' : `commit ${oneLine(subject.commit).slice(0, 12)}`,
    ...(subject.deploymentId === null ? [] : [`deployment ${oneLine(subject.deploymentId)}`]),
    ...(subject.schemaVersion === null ? [] : [`database schema ${oneLine(subject.schemaVersion)}`]),
  ];
  const when = endedAt === null || !sealed ? `${spokenMoment(startedAt)}, and it did not finish` : spokenMoment(startedAt);
  const extent = profile === 'pr' ? 'the short profile for pull requests' : 'the full profile';
  return `${oneLine(title)} was judged on ${oneLine(environment)} (${oneLine(target)}) with ${extent}, on ${when}. The build is ${spokenList(build)}.`;
}

function tries(report: RunReport): string[] {
  const earlier = report.attempts.filter(({ run }) => run !== report.run);
  if (earlier.length === 0) return ['It is the first try at this build.'];
  const told = earlier.slice(-3).map(({ startedAt, verdict, reason }, index) => {
    const number = earlier.length - Math.min(3, earlier.length) + index + 1;
    return `The ${ordinal(number)}, on ${spokenDay(startedAt)}, ${verdict === null ? 'was not finished' : `ended as ${verdict}`}: ${sentence(clipped(reason))}`;
  });
  return [`It is the ${ordinal(earlier.length + 1)} try at this build.`, ...told];
}

const inState = (report: RunReport, state: State): CriterionReport[] => report.criteria.filter((criterion) => criterion.state === state);

function passed({ report: sealed }: RunView, report: RunReport): string[] {
  const forPeople = new Set(inState(sealed, 'pending').map(({ id }) => id));
  const [signed, measured] = [true, false].map((isForPeople) => inState(report, 'pass').filter(({ id }) => forPeople.has(id) === isForPeople));
  const judgedRows = sealed.criteria.filter(({ state }) => isVerdict(state)).length;
  if (judgedRows === 0 && (signed ?? []).length === 0) return sealed.criteria.length === 0 ? ['Nothing: the gate has no criteria.'] : [];
  return [
    ...(judgedRows === 0 ? [] : [`Of ${counted(judgedRows, 'measured row')}, ${(measured ?? []).length} passed${named(measured ?? [])}`]),
    ...((signed ?? []).length === 0 ? [] : [`Of ${counted(forPeople.size, 'row')} for people, ${(signed ?? []).length} are settled${named(signed ?? [])}`]),
  ];
}

function named(rows: readonly CriterionReport[]): string {
  if (rows.length === 0) return '.';
  if (rows.length <= NAMED) return `: ${rows.map(rowWithNumber).join('; ')}.`;
  return `: ${spokenList([...bySection(rows)].map(([section, own]) => `${own.length} of ${oneLine(section)}`))}.`;
}

/** Rows that nobody has built a check for are many and alike, so they are counted. */
function wrong(report: RunReport, state: 'fail' | 'inconclusive' | 'error' | 'warn'): string[] {
  const rows = inState(report, state);
  const unbuilt = rows.filter(({ reason }) => reason.code === 'NO_CHECK_YET');
  const reasons = Map.groupBy(
    rows.filter((row) => !unbuilt.includes(row)),
    (row) => whatIsWrong(row),
  );
  return [
    ...few([...reasons].map(([why, own]) => `${rowNames(own)}: ${clipped(why)}`)),
    ...(unbuilt.length === 0 ? [] : [`${counted(unbuilt.length, 'row has', 'rows have')} no check yet, so nothing is known of them.`]),
  ];
}

/** The first few of rows that share a reason. */
function rowNames(rows: readonly CriterionReport[]): string {
  const names = rows.slice(0, SHARING).map(({ text, required }) => `${clipped(oneLine(text))}${required ? '' : ' (optional)'}`);
  const more = rows.length - names.length;
  return spokenList(more === 0 ? names : [...names, counted(more, 'more row')]);
}

const textOf = (report: RunReport, id: string): string => clipped(oneLine(report.criteria.find((criterion) => criterion.id === id)?.text ?? id));

function waived(report: RunReport): string[] {
  const applied = report.waivers.filter(({ state }) => state === 'applied');
  const gone = report.waivers.filter(({ state }) => state === 'expired' || state === 'over-cap' || state === 'not-waivable');
  return [
    ...few(
      applied.map(
        ({ criterion, owner, until, reason }) => `${textOf(report, criterion)} is waived by ${oneLine(owner)} until ${spokenDay(until)}: ${sentence(reason)}`,
      ),
    ),
    ...few(gone.map(({ criterion, text }) => `The waiver of ${textOf(report, criterion)} did not help: ${sentence(text)}`)),
  ];
}

function changed(report: RunReport): string[] {
  return few(
    limitsChanged(report).map(
      ({ criterion, unit, here, changed: { from, owner, until, reason } }) =>
        `${textOf(report, criterion)} is held to ${quantity(here, unit)} instead of the plan's ${quantity(from, unit)}, by ${oneLine(owner)} until ${spokenDay(until)}: ${sentence(reason)}`,
    ),
  );
}

function notApplicable(report: RunReport): string[] {
  return few(
    report.notApplicable.map(
      ({ criterion, reason, owner, until }) =>
        `${textOf(report, criterion)} is declared not applicable by ${oneLine(owner)} until ${spokenDay(until)}: ${sentence(reason)}`,
    ),
  );
}

function reportMode({ enforcement }: RunReport): string[] {
  if (enforcement.mode === 'enforce') return [];
  return [
    `The gate is in report mode until ${spokenDay(enforcement.until)} and blocks nobody: ${sentence(enforcement.reason)} ${oneLine(enforcement.owner)} answers for it.`,
  ];
}

function waits(report: RunReport): string[] {
  const groups = pendingGroups(report).map(({ what, criteria }) => ({ role: /^the signature of the (.+)$/u.exec(what)?.[1], what, rows: criteria.length }));
  const people = groups.flatMap(({ role, rows }) => (role === undefined ? [] : [`the ${role}${rows === 1 ? '' : ` (${rows} rows)`}`]));
  const documents = groups.filter(({ role }) => role === undefined);
  const optional = report.criteria.filter(({ state, required }) => state === 'pending' && !required).length;
  return [
    ...(people.length === 0 ? [] : [`Signatures are waited for from ${spokenList(people)}.`]),
    ...(documents.length === 0
      ? []
      : [
          `${counted(documents.length, 'document is', 'documents are')} waited for: ${documents
            .slice(0, SAID)
            .map(({ what }) => clipped(what.replace(/^(a document|Waits for): /u, '').replace(/\.$/u, '')))
            .join('; ')}${documents.length > SAID ? `; and ${documents.length - SAID} more` : ''}.`,
        ]),
    ...(optional === 0 ? [] : [`${optional} of the rows that wait are optional.`]),
  ];
}

function leftOut(report: RunReport): string[] {
  const groups = Map.groupBy(inState(report, 'deferred'), ({ reason }) => oneLine(reason.text));
  return few([...groups].map(([why, rows]) => `${counted(rows.length, 'row')}: ${sentence(clipped(why))}`));
}

function risksTouched(report: RunReport): string[] {
  return touchedRisks(report).map(({ risk, rows }) => {
    const count = (...states: readonly State[]): number => rows.filter(({ state }) => states.includes(state)).length;
    const parts: readonly (readonly [number, string])[] = [
      [count('pass'), 'passed'],
      [count('waived', 'warn'), 'waived or with warnings'],
      [count('fail', 'error', 'inconclusive'), 'did not pass'],
      [count('pending', 'deferred', 'not-applicable'), 'not judged here'],
    ];
    const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
    const watching = counted(rows.length, 'row of this gate watches', 'rows of this gate watch');
    return `${risk.risk} (probability ${risk.probability.toLowerCase()}, impact ${risk.impact.toLowerCase()}): ${watching} it; ${told.join(', ')}.`;
  });
}
