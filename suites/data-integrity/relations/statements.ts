// The statements that look for rows without the row that they refer to. Pure; used by orphaned-rows.
import { quoteName, quoteTable } from '../../instruments/database/quoting.ts';
import type { Reference, TablePlace } from './references.ts';

const only = (place: TablePlace): string => `${place.isPartitioned ? '' : 'ONLY '}${quoteTable(place)}`;
const column = (alias: string, name: string): string => `${alias}.${quoteName(name)}`;

/** Rows that refer to anything: for MATCH FULL a row with some nulls does, and to nothing that can be there. */
function isReferring({ columns, match }: Reference): string {
  return columns.map((name) => `${column('f', name)} IS NOT NULL`).join(match === 'full' ? ' OR ' : ' AND ');
}
function isReferred({ columns, referred, operators }: Reference): string {
  return columns.map((name, index) => `${column('p', referred[index] ?? '')} ${operators[index] ?? '='} ${column('f', name)}`).join(' AND ');
}
/** What is referred to is unique where a key declares it; otherwise it is made so, that no row is counted twice. */
function referredRows(reference: Reference): string {
  const { to, referred, source } = reference;
  return source.kind === 'given' ? `(SELECT DISTINCT ${referred.map(quoteName).join(', ')} FROM ${only(to)})` : only(to);
}

/** `looked`: rows that refer to something; `orphans`: those of them that refer to no row. One hash join, no lock beyond ACCESS SHARE. */
export function countOrphans(reference: Reference): string {
  return `SELECT count(*) AS looked, count(*) FILTER (WHERE ${column('p', reference.referred[0] ?? '')} IS NULL) AS orphans
FROM ${only(reference.from)} f LEFT JOIN ${referredRows(reference)} p ON ${isReferred(reference)} WHERE ${isReferring(reference)}`;
}

/** The first of them by the table's key, each column as text: the key's as `k0`, `k1` …, the reference's as `r0`, `r1` … */
export function nameOrphans(reference: Reference, key: readonly string[], limit: number): string {
  const named = [
    ...key.map((name, index) => `${column('f', name)}::text AS k${index}`),
    ...reference.columns.map((name, index) => `${column('f', name)}::text AS r${index}`),
  ];
  const order = (key.length > 0 ? key : reference.columns).map((name) => column('f', name)).join(', ');
  return `SELECT ${named.join(', ')} FROM ${only(reference.from)} f WHERE (${isReferring(reference)})
AND NOT EXISTS (SELECT FROM ${only(reference.to)} p WHERE ${isReferred(reference)}) ORDER BY ${order} LIMIT ${limit}`;
}
