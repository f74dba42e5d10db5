// The routes of an OpenAPI document, 2.0 to 3.x. Pure; used by the discoverers. Whether the document is right is the check openapi's matter.
import { type FieldType, Method } from '../../gates/model.ts';
import type { SeenRoute } from './routes.ts';

type Node = Readonly<Record<string, unknown>>;
const METHODS = new Map(Method.options.map((method) => [method.toLowerCase(), method]));

export interface ReadDocument {
  readonly title: string;
  readonly routes: readonly SeenRoute[];
  /** Origin and base of the first server, where it is absolute. */
  readonly server?: { readonly origin: string; readonly base: string };
  /** Name of the session's cookie, where a security scheme tells. */
  readonly cookie?: string;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const nodeAt = (value: unknown, key: string): Node => (isNode(value) && isNode(value[key]) ? value[key] : {});
const listAt = (value: unknown, key: string): readonly unknown[] => (isNode(value) && Array.isArray(value[key]) ? value[key] : []);

/** Undefined where it is no OpenAPI document. */
export function readOpenapi(document: unknown): ReadDocument | undefined {
  if (!isNode(document) || !isNode(document['paths']) || (typeof document['openapi'] !== 'string' && typeof document['swagger'] !== 'string')) return undefined;
  const { server, base } = serverOf(document);
  const schemes = Object.values({ ...nodeAt(nodeAt(document, 'components'), 'securitySchemes'), ...nodeAt(document, 'securityDefinitions') });
  const cookie = schemes.filter(isNode).find((scheme) => scheme['in'] === 'cookie')?.['name'];
  return {
    title: String(nodeAt(document, 'info')['title'] ?? 'untitled').slice(0, 80),
    routes: Object.entries(document['paths']).flatMap(([path, item]) => routesAt(document, joined(base, path), resolve(document, item))),
    ...(server === undefined ? {} : { server }),
    ...(typeof cookie === 'string' ? { cookie } : {}),
  };
}

function serverOf(document: Node): { readonly server?: ReadDocument['server']; readonly base: string } {
  const first = listAt(document, 'servers')[0];
  const text = isNode(first)
    ? first['url']
    : typeof document['host'] === 'string'
      ? `https://${document['host']}${String(document['basePath'] ?? '')}`
      : document['basePath'];
  if (typeof text !== 'string' || text.includes('{')) return { base: '' };
  const absolute = URL.parse(text);
  const base = (absolute ?? URL.parse(text, 'https://relative.invalid'))?.pathname.replace(/\/$/, '') ?? '';
  return absolute === null || !/^https?:$/.test(absolute.protocol) ? { base } : { server: { origin: absolute.origin, base }, base };
}

const joined = (base: string, path: string): string => `${base}${path}`.replace(/\{([^}]+)\}/g, (_, name: string) => `{${name.replace(/\W+/g, '_')}}`);

function routesAt(document: Node, path: string, item: Node): SeenRoute[] {
  return Object.entries(item).flatMap(([key, value]) => {
    const method = METHODS.get(key.toLowerCase());
    if (method === undefined || !isNode(value)) return [];
    const parameters = [...listAt(item, 'parameters'), ...listAt(value, 'parameters')].map((one) => resolve(document, one));
    const security = Array.isArray(value['security']) ? value['security'] : listAt(document, 'security');
    const isOpen = security.length === 0 || security.some((one) => isNode(one) && Object.keys(one).length === 0);
    const served = Object.entries(nodeAt(value, 'responses')).filter(([status]) => /^2\d\d$/.test(status));
    // What cannot be asked without a value that nobody here knows has no status to be held against.
    const needsQuery = parameters.some((one) => one['in'] === 'query' && one['required'] === true);
    return [
      {
        method,
        path,
        params: examplesOf(document, parameters),
        access: isOpen ? ('public' as const) : ('authenticated' as const),
        statuses: needsQuery ? [] : served.map(([status]) => Number(status)),
        ...shapeOf(document, served[0]?.[1]),
      },
    ];
  });
}

/** Values of path parameters that the document gives. */
function examplesOf(document: Node, parameters: readonly Node[]): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const schema = resolve(document, parameter['schema'] ?? parameter);
      const value = parameter['example'] ?? schema['example'] ?? schema['default'] ?? listAt(schema, 'enum')[0] ?? listAt(schema, 'examples')[0];
      const isPath = parameter['in'] === 'path' && typeof parameter['name'] === 'string';
      return isPath && (typeof value === 'string' || typeof value === 'number') ? [[String(parameter['name']).replace(/\W+/g, '_'), String(value)]] : [];
    }),
  );
}

/** Required fields of the answer; of its `data` where it is NaaP's envelope. */
function shapeOf(document: Node, response: unknown): Pick<SeenRoute, 'envelope' | 'fields'> {
  const found = resolve(document, response);
  const schema = resolve(document, nodeAt(nodeAt(found, 'content'), 'application/json')['schema'] ?? found['schema']);
  const properties = nodeAt(schema, 'properties');
  const envelope = 'success' in properties && 'data' in properties;
  const body = envelope ? resolve(document, properties['data']) : schema;
  const required = listAt(body, 'required').filter((name) => typeof name === 'string');
  const fields = required.map((name) => [name, typeOf(resolve(document, nodeAt(body, 'properties')[name]))] as const);
  return { envelope, fields: Object.fromEntries(fields.filter(([name]) => /^[A-Za-z_]\w*$/.test(name))) };
}

function typeOf({ type, format }: Node): FieldType {
  if (type === 'string') return format === 'date-time' ? 'timestamp' : 'string';
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' || type === 'array' || type === 'object' ? type : 'any';
}

/** References within the document are followed. */
function resolve(document: Node, value: unknown, hops = 0): Node {
  if (!isNode(value)) return {};
  const { $ref } = value;
  if (typeof $ref !== 'string') return value;
  if (!$ref.startsWith('#/') || hops > 8) return {};
  const steps = $ref
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return resolve(
    document,
    steps.reduce<unknown>((node, step) => (isNode(node) ? node[step] : undefined), document),
    hops + 1,
  );
}
