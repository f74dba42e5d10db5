// What the catalogue of one database says, as plain facts that can be held against another's. Read by readers/, translated by names.ts, compared by compare.ts.

/** Objects that live in a table are named within it; the others within their schema, or within the database. */
export const KINDS_OF_A_TABLE = [
  'column',
  'constraint',
  'foreign key',
  'index',
  'trigger',
  'trigger of a partition',
  'rule',
  'policy',
  'column privileges',
] as const;
export const KINDS_OF_A_SCHEMA = [
  'table',
  'view',
  'materialised view',
  'sequence',
  'routine',
  'enum',
  'domain',
  'composite type',
  'range type',
  'extended statistics',
  'table privileges',
  'sequence privileges',
  'routine privileges',
  'type privileges',
  'comment',
] as const;
export const KINDS_OF_A_DATABASE = [
  'schema',
  'schema privileges',
  'default privileges',
  'extension',
  'event trigger',
  'publication',
  'publication table',
  'publication schema',
  'setting',
  'database',
  'database privileges',
] as const;
export type Kind = (typeof KINDS_OF_A_TABLE)[number] | (typeof KINDS_OF_A_SCHEMA)[number] | (typeof KINDS_OF_A_DATABASE)[number];

const OF_A_TABLE: ReadonlySet<string> = new Set(KINDS_OF_A_TABLE);
const OF_A_SCHEMA: ReadonlySet<string> = new Set(KINDS_OF_A_SCHEMA);

export interface Fact {
  readonly kind: Kind;
  /** Absent: it belongs to the database. */
  readonly schema?: string;
  /** The table that it belongs to, or is: what becomes of the table becomes of the fact. */
  readonly table?: string;
  readonly name: string;
  /** Of privileges: who has them; `its owner` for the owner's own. */
  readonly grantee?: string;
  /** Of privileges: whose the object is. Of default privileges and settings: the role that they are about. */
  readonly owner?: string;
  /** Columns of its table that it stands on. */
  readonly columns: readonly string[];
  /** The object of the same kind that it follows, as a partition's index follows that of the whole table. */
  readonly parent?: { readonly table: string; readonly name: string };
  /** So by the server's own doing rather than by anybody's: no difference where the other side lacks it. */
  readonly isIncidental: boolean;
  /** What is not said is not there. */
  readonly attributes: Readonly<Record<string, string>>;
}
/** A fact of a legacy database, in that database's own names. */
export interface LegacyFact extends Fact {
  readonly database: string;
}

/** What tells one fact from all others of its side. */
export type Place = Pick<Fact, 'kind' | 'name' | 'schema' | 'table' | 'grantee' | 'owner'>;

/** `shop.Thing.amount`, `shop.Thing to reader`: how a person names the object. */
export function labelOf(place: Place): string {
  const object = objectOf(place);
  return place.grantee === undefined ? object : `${object} to ${place.grantee}`;
}
/** The same without who has the privilege. */
export function objectOf({ kind, schema, table, name, owner }: Place): string {
  switch (kind) {
    case 'publication table':
      return `${name} of ${schema}.${table}`;
    case 'publication schema':
      return `${name} of schema ${schema}`;
    case 'default privileges':
      return `on ${name}${schema === undefined ? '' : ` in ${schema}`} made by ${owner}`;
    case 'setting':
      return owner === undefined ? name : `${name} of ${owner}`;
    default:
      return OF_A_TABLE.has(kind) ? `${schema}.${table}.${name}` : OF_A_SCHEMA.has(kind) ? `${schema}.${name}` : name;
  }
}

export const keyOf = (place: Place): string => `${place.kind} ${labelOf(place)}`;
