// Looks for the orphans of one reference and names them. Used by orphaned-rows.
import type { DataMapping, DatabaseSession, Item } from '../../../gates/model.ts';
import { attempt } from '../catalogue/attempt.ts';
import { hiddenColumns } from '../findings.ts';
import type { Unseen } from '../workers.ts';
import { type Reference, referenceWords } from './references.ts';
import { countOrphans, nameOrphans } from './statements.ts';

export interface LookedReference {
  readonly reference: Reference;
  /** Rows that refer to something. */
  readonly looked: number;
  readonly orphans: number;
  readonly items: readonly Item[];
}
export interface OrphanSearch {
  readonly session: DatabaseSession;
  readonly mapping: DataMapping;
  /** Key of a table of the target; none: its rows cannot be told apart. */
  keyOf(reference: Reference): readonly string[];
  /** Orphans of one reference that are named; all are counted. */
  readonly named: number;
}

/** What the server refuses or does not finish in time is not seen. */
export async function lookForOrphans(search: OrphanSearch, reference: Reference): Promise<LookedReference | Unseen> {
  const counted = await attempt(search.session, () => search.session.rows(countOrphans(reference)));
  if ('refused' in counted) return { table: referenceWords(reference), why: counted.refused };
  const [row] = counted.result;
  const found = { reference, looked: Number(row?.['looked']), orphans: Number(row?.['orphans']) };
  if (found.orphans === 0) return { ...found, items: [] };
  const rows = await attempt(search.session, () => search.session.rows(nameOrphans(reference, search.keyOf(reference), search.named)));
  const place = `${reference.from.schema}.${reference.from.table}`;
  if ('refused' in rows)
    return {
      ...found,
      items: [{ key: `${place}.${reference.columns.join('+')}`, detail: `${found.orphans} rows refer to nothing; they could not be named: ${rows.refused}` }],
    };
  return { ...found, items: rows.result.map((one) => toItem(search, reference, one)) };
}

function toItem(search: OrphanSearch, reference: Reference, row: Readonly<Record<string, string | null>>): Item {
  const place = `${reference.from.schema}.${reference.from.table}`;
  const isHidden = hiddenColumns(`${place}.`, search.mapping);
  const said = (name: string, value: string | null = null): string => `${name}=${isHidden(name) ? 'hidden' : value === null ? 'NULL' : JSON.stringify(value)}`;
  const key = search.keyOf(reference);
  const values = reference.columns.map((name, index) => said(name, row[`r${index}`])).join(', ');
  const where = key.length === 0 ? values : key.map((name, index) => said(name, row[`k${index}`])).join(', ');
  const to = `${reference.to.schema}.${reference.to.table} (${reference.referred.join(', ')})`;
  return { key: `${place}[${where}].${reference.columns.join('+')}`, detail: `${values} refers to no row of ${to}: ${sourceWords(reference)}.` };
}

function sourceWords({ source }: Reference): string {
  switch (source.kind) {
    case 'declared':
      return `foreign key ${source.name}, ${source.validated ? 'which says that it is valid' : 'which is NOT VALID'}`;
    case 'given':
      return 'a reference that the mapping gives';
    case 'guessed':
      return 'a reference by name and type, and by most of its values';
    default:
      return source satisfies never;
  }
}
