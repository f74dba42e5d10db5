// Looks at given rows once more, on both sides in new moments, with a mark that tells whether a row was written since. Used by row-contents and by the watch for drift.
import type { DatabaseSession } from '../../../gates/model.ts';
import { type Difference, type Field, compareOrdered } from '../near/compare-ordered.ts';
import type { KeyBound, RowStatements } from '../near/statements.ts';
import { keyTexts } from './key-text.ts';

/** Rows that are asked for by one statement. */
const KEYS_A_STATEMENT = 200;
/** Version of a row that is not there. */
const ABSENT = 'absent';

/** A row that differs now. Versions are equal in two looks exactly where the row was not written in between. */
export interface Sighting {
  readonly key: KeyBound;
  readonly legacy: string;
  readonly target: string;
  /** As a first comparison would have told it; several where rows without a key are many times the same. */
  readonly differences: readonly Difference[];
}
export interface BothSessions {
  readonly legacy: DatabaseSession;
  readonly target: DatabaseSession;
}

/** Makes both sessions see now, as nearly at once as two servers allow. */
export async function takeMoment({ legacy, target }: BothSessions): Promise<void> {
  await Promise.all([legacy.renew(), target.renew()]);
  // The first statement of a transaction fixes what it sees.
  await Promise.all([legacy.rows('SELECT 1'), target.rows('SELECT 1')]);
}

/** By `keyId`: those of the rows that differ. The others are equal, or on neither side. */
export async function lookAgain(statements: RowStatements, sessions: BothSessions, keys: readonly KeyBound[]): Promise<ReadonlyMap<string, Sighting>> {
  const found = new Map<string, Sighting>();
  for (let from = 0; from < keys.length; from += KEYS_A_STATEMENT) {
    const asked = keys.slice(from, from + KEYS_A_STATEMENT);
    await takeMoment(sessions);
    await compareOrdered({
      legacy: sessions.legacy.copy(statements.versions('legacy', asked)),
      target: sessions.target.copy(statements.versions('target', asked)),
      key: statements.key,
      withRows: true,
      onDifference: (difference) => note(found, difference, statements),
    });
  }
  return new Map([...found].filter(([, { differences }]) => differences.length > 0));
}

export function keyId(key: KeyBound): string {
  return JSON.stringify(key);
}

/** Every row that both sides have differs at least in its version. */
function note(found: Map<string, Sighting>, difference: Difference, statements: RowStatements): void {
  const key = keyTexts(difference.key, statements);
  const at = statements.sent.length + (statements.isKeyed ? 0 : 1);
  const known = found.get(keyId(key)) ?? { key, legacy: '', target: '', differences: [] };
  const { legacy, target, real } = readVersions(difference, at, statements.isKeyed);
  found.set(keyId(key), {
    key,
    legacy: known.legacy + legacy,
    target: known.target + target,
    differences: real === undefined ? known.differences : [...known.differences, real],
  });
}

function readVersions(
  difference: Difference,
  at: number,
  isKeyed: boolean,
): { readonly legacy: string; readonly target: string; readonly real: Difference | undefined } {
  switch (difference.kind) {
    case 'missing':
    case 'extra': {
      const { kind, key, row = [] } = difference;
      const version = textOf(row[at]);
      const real: Difference = { kind, key, ...(isKeyed ? {} : { row: row.slice(0, at) }) };
      return kind === 'missing' ? { legacy: version, target: ABSENT, real } : { legacy: ABSENT, target: version, real };
    }
    case 'changed': {
      const mark = difference.columns.find(({ index }) => index === at);
      const columns = difference.columns.filter(({ index }) => index !== at);
      return { legacy: textOf(mark?.legacy), target: textOf(mark?.target), real: columns.length === 0 ? undefined : { ...difference, columns } };
    }
    default:
      return difference satisfies never;
  }
}

function textOf(field: Field | undefined): string {
  return field?.bytes?.toString('utf8') ?? '';
}
