// An OpenAPI 3 document as it is read: whether it is valid, which operations it has, and what it says of an answer. Used by the check openapi and the rule of evidence of that name.
import { Validator } from '@seriousme/openapi-schema-validator';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { HttpResponse, Method } from '../../../gates/model.ts';
import { modernise } from './openapi-3-0.ts';

type Node = Readonly<Record<string, unknown>>;

export interface ApiDocument {
  /** What is wrong with the document itself, or undefined: the official schema of its version, and references that lead nowhere. */
  findFlaw(): string | undefined;
  /** Undefined where it describes no such operation. `path` as the surface writes it; what parameters are called does not matter. */
  findOperation(method: Method, path: string): Operation | undefined;
}

export interface Operation {
  /** Whether it says anything of this status, by itself, by its class (`4XX`) or by `default`. */
  declares(status: number): boolean;
  /** What of the answer is not as it says, or undefined. */
  findAnswerFlaw(response: HttpResponse): string | undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Below the key that Ajv knows the document by, a JSON pointer (RFC 6901) leads to any part of it. */
const KEY = 'openapi.json';
function pointer(steps: readonly string[]): string {
  return `${KEY}#${steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
}

/** A part of the document and where it stands; references within the document are followed. Undefined where there is nothing. */
function find(document: Node, steps: readonly string[], hops = 0): { readonly node: Node; readonly steps: readonly string[] } | undefined {
  const node = steps.reduce<unknown>((value, step) => (isNode(value) ? value[step] : undefined), document);
  if (!isNode(node)) return undefined;
  const { $ref } = node;
  if (typeof $ref !== 'string') return { node, steps };
  if (!$ref.startsWith('#/') || hops > 8) return undefined;
  const target = $ref
    .slice(2)
    .split('/')
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  return find(document, target, hops + 1);
}

function template(path: string): string {
  return path
    .replace(/\?.*$/, '')
    .replace(/\{[^}]+\}/g, '{}')
    .replace(/(?<=.)\/$/, '');
}

/** What the paths of the document stand below: the paths of its servers, relative ones against where the document was found. */
function listBases(document: Node, url: string): readonly string[] {
  const servers = Array.isArray(document['servers']) ? document['servers'] : [];
  const bases = servers.flatMap((server) => (isNode(server) && typeof server['url'] === 'string' ? [URL.parse(server['url'], url)?.pathname ?? ''] : []));
  return bases.length === 0 ? [''] : bases.map((base) => base.replace(/\/$/, ''));
}

/** Where each operation stands, by `GET /api/v1/x/{}`. */
function indexOperations(document: Node, url: string): ReadonlyMap<string, readonly string[]> {
  const paths = isNode(document['paths']) ? Object.keys(document['paths']) : [];
  const found = new Map<string, readonly string[]>();
  for (const path of paths) {
    const item = find(document, ['paths', path]);
    for (const method of Object.keys(item?.node ?? {}))
      for (const base of listBases(document, url)) found.set(`${method.toUpperCase()} ${template(base + path)}`, [...(item?.steps ?? []), method]);
  }
  return found;
}

/** The part that speaks of a status: by itself, by its class, or the default. */
function findResponse(document: Node, operation: readonly string[], status: number): ReturnType<typeof find> {
  const keys = [String(status), `${String(status)[0]}XX`, 'default'];
  return keys.map((key) => find(document, [...operation, 'responses', key])).find((found) => found !== undefined);
}

/** Key of the media type that the document gives for an answer's own, wildcards included. */
function findMedia(content: Node, type: string): string | undefined {
  const plain = type.split(';')[0]?.trim().toLowerCase() ?? '';
  const names = [plain, `${plain.split('/')[0]}/*`, '*/*'];
  return names.flatMap((name) => Object.keys(content).find((key) => key.split(';')[0]?.trim().toLowerCase() === name) ?? [])[0];
}

type Validate = (steps: readonly string[], value: unknown) => string | undefined;

/** Never fetches: a reference to another document is a flaw of this one. */
function makeValidate(document: Node): Validate {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false, allErrors: false });
  formats.default(ajv);
  ajv.addSchema(modernise(document), KEY);
  return (steps, value) => {
    try {
      const isValid = ajv.compile({ $ref: pointer(steps) });
      if (isValid(value)) return undefined;
      const [error] = isValid.errors ?? [];
      return `\`${(error?.instancePath ?? '').slice(1).replaceAll('/', '.') || 'the body'}\` ${error?.message ?? 'is not as declared'}`;
    } catch (error) {
      return `the declared schema cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
}

/** What the validator of @seriousme/openapi-schema-validator is made of, and its `validate` waits for without need. The package is pinned; its types leave this out. */
interface SchemaValidators {
  getAjvValidator(version: string): ValidateFunction;
}
const VERSIONS = [...Validator.supportedVersions].filter((version) => version.startsWith('3.'));

function findDocumentFlaw(document: Node): string | undefined {
  const version = VERSIONS.find((known) => typeof document['openapi'] === 'string' && document['openapi'].startsWith(known));
  if (version === undefined) return `it has no \`openapi: 3.x\` of ${VERSIONS.join(', ')}: Swagger 2.0 and others cannot be held against the answers`;
  const validator = new Validator();
  const isValid = (validator as unknown as SchemaValidators).getAjvValidator(version);
  if (isValid(document)) return findReferenceFlaw(validator, document);
  const told = (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? ''}`.trim());
  return `${told.slice(0, 3).join('; ')}${told.length > 3 ? `; and ${told.length - 3} more` : ''}`;
}

/** References are followed in a copy, because that replaces them. */
function findReferenceFlaw(validator: Validator, document: Node): string | undefined {
  try {
    validator.resolveRefs({ specification: structuredClone(document) });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function openOperation(document: Node, steps: readonly string[], validate: Validate): Operation {
  return {
    declares: (status) => findResponse(document, steps, status) !== undefined,
    findAnswerFlaw(response) {
      const declared = findResponse(document, steps, response.status);
      if (declared === undefined) return `${response.status} is not declared`;
      const content = find(document, [...declared.steps, 'content']);
      if (content === undefined || Object.keys(content.node).length === 0)
        return response.text === '' ? undefined : `${response.status} is declared without a body and has one`;
      const type = response.headers['content-type'] ?? '';
      const media = findMedia(content.node, type);
      if (media === undefined) return `${response.status} is declared as ${Object.keys(content.node).join(', ')}, got ${type || 'no content-type'}`;
      const schema = find(document, [...content.steps, media]);
      if (schema?.node['schema'] === undefined) return undefined;
      const flaw = validate([...schema.steps, 'schema'], response.json);
      return flaw === undefined ? undefined : `${response.status}: ${flaw}`;
    },
  };
}

/** `url`: where the document was found. */
export function readDocument(document: Node, url: string): ApiDocument {
  const operations = indexOperations(document, url);
  const validate = makeValidate(document);
  return {
    findFlaw: () => findDocumentFlaw(document),
    findOperation(method, path) {
      const steps = operations.get(`${method} ${template(path)}`);
      return steps === undefined ? undefined : openOperation(document, steps, validate);
    },
  };
}
