// Brings the schemas of an OpenAPI 3.0 document to JSON Schema 2020-12, which 3.1 speaks by itself. Called by openapi-document.ts.

type Node = Record<string, unknown>;

/** 3.0 says `nullable` beside the type; where there is no type, what is referred to may be null too, as its writers mean it. */
function readNullable({ nullable, ...schema }: Node): Node {
  if (nullable !== true) return schema;
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'];
  return { ...schema, type: [schema['type'], 'null'], ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}) };
}

/** 3.0 says whether a bound itself is out by a boolean beside it (JSON Schema draft 4), 2020-12 by the bound. */
function readBound(schema: Node, bound: 'minimum' | 'maximum', exclusive: 'exclusiveMinimum' | 'exclusiveMaximum'): Node {
  const { [exclusive]: isExclusive, [bound]: value, ...rest } = schema;
  if (typeof isExclusive !== 'boolean') return schema;
  return { ...rest, ...(value === undefined ? {} : { [isExclusive ? exclusive : bound]: value }) };
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  const node: Node = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, convert(inner)]));
  const bounded = readBound(readBound(node, 'minimum', 'exclusiveMinimum'), 'maximum', 'exclusiveMaximum');
  return typeof bounded['nullable'] === 'boolean' ? readNullable(bounded) : bounded;
}

/** The same document; a version other than 3.0 as it is. */
export function modernise(document: Readonly<Node>): Node {
  return typeof document['openapi'] === 'string' && document['openapi'].startsWith('3.0') ? (convert(document) as Node) : { ...document };
}
