// Which of the things that a row waits for a document answers, and how what a machine says of it is told. Called by `evidence add` and `evidence check`.
import { GateError } from '../gates/model.ts';
import { nearest } from '../gates/nearest.ts';
import { type Awaited, type Judged, kindOfAwaited, wordsOf } from '../gates/paper/evidence.ts';
import { HOW_TO_GET } from '../suites/documents/index.ts';

export interface AwaitingRow {
  readonly id: string;
  readonly awaited: readonly Awaited[];
}
export interface Chosen {
  readonly awaited: Awaited;
  /** Counted from 0. */
  readonly rule: number;
}

/** `place`: "run R", "the gates". `asked`: number from 1, or kind. Throws UNKNOWN_CRITERION, USAGE. */
export function chooseAwaited(rows: readonly AwaitingRow[], id: string, asked: string | undefined, place: string): Chosen {
  const row = rows.find((one) => one.id === id && one.awaited.length > 0);
  if (row === undefined) throw unknownRow(rows, id, place);
  const { awaited } = row;
  const fitting = awaited.flatMap((one, index) =>
    asked === undefined || asked === String(index + 1) || asked === kindOfAwaited(one) ? [{ awaited: one, rule: index }] : [],
  );
  const [only, ...more] = fitting;
  if (only !== undefined && more.length === 0) return only;
  const list = awaited.map((one, index) => `  ${index + 1}  ${kindOfAwaited(one)}: ${wordsOf(one)}`).join('\n');
  throw new GateError(
    'USAGE',
    only === undefined
      ? `${id} waits for nothing that is called "${asked ?? ''}"; this is what it waits for:\n${list}`
      : `${id} waits for ${awaited.length} things; which one is this?\n${list}`,
    { remedy: 'Say it with --rule and the number.' },
  );
}

/** A run has few enough rows to name them all. */
const MOST_NAMED = 30;

function unknownRow(rows: readonly AwaitingRow[], id: string, place: string): GateError {
  const waiting = rows.filter(({ awaited }) => awaited.length > 0).map((one) => one.id);
  const meant = nearest(id, waiting);
  const named = waiting.length === 0 ? 'None of its rows does.' : waiting.length > MOST_NAMED ? '' : `These do: ${waiting.join(', ')}.`;
  const isThere = rows.some((one) => one.id === id);
  const why = isThere ? ' It is measured, or a person signs for it.' : '';
  return new GateError('UNKNOWN_CRITERION', `No row "${id}" of ${place} waits for a document.${why}`, {
    remedy: `${meant === undefined || isThere ? '' : `Did you mean "${meant}"? `}${named || 'naap-gate list criteria --json tells the rules of every row.'}`,
  });
}

/** What to hand in instead, where a machine looks. */
export function howToGet(awaited: Awaited): string | undefined {
  return awaited.kind === 'rule' && awaited.rule.kind !== 'document' ? HOW_TO_GET[awaited.rule.kind] : undefined;
}

export const VERDICT_OF: Readonly<Record<Judged['state'], string>> = { ok: 'ACCEPTED', failed: 'FAIL', awaited: 'PENDING' };
