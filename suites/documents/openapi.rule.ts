// Judges an OpenAPI document, JSON or YAML: valid by its version's official schema, and describing every route that it is asked for. Called through documentChecks.
import { parse } from 'yaml';
import { type DocumentChecks, Method } from '../../gates/model.ts';
import { type ApiDocument, readDocument } from '../instruments/openapi/openapi-document.ts';
import { isRecord, parseJson, readText } from './document-text.ts';
import { counted, listed } from './words.ts';

/** Where relative addresses of its servers start; nothing is fetched. */
const PLACE = 'https://document.invalid/openapi.json';
/** YAML is read slowly; GitHub's own description of more than 900 operations has 10 MB as YAML, 100 operations about 0.5 MB. Characters. */
const LONGEST_YAML = 16 * 1024 * 1024;
/** Generators share whole responses by alias, a few hundred times (265 in the twin's own document as the package yaml writes it); what grows by powers goes far beyond. */
const MOST_ALIASES = 10_000;
const MOST_NAMED = 8;
/** Every status that an answer may have. */
const STATUSES = Array.from({ length: 500 }, (_, index) => 100 + index);

export const judgeOpenapi: DocumentChecks['openapi'] = (bytes, { routes, endpoints }) => {
  const json = readApi(readText(bytes));
  const document = readDocument(json, PLACE);
  const flaw = document.findFlaw();
  if (flaw !== undefined) return { ok: false, text: `It is not valid: ${flaw}.` };
  if (routes === undefined || routes.length === 0)
    return { ok: false, text: `The surface names no route${endpoints === undefined ? '' : ` (${endpoints}*)`} that it could be held against.` };
  const missing = routes.filter((route) => !describes(document, route));
  return missing.length === 0
    ? {
        ok: true,
        text: `Valid, and it describes ${routes.length === 1 ? 'the one route' : `all ${routes.length} routes`} of the surface${endpoints === undefined ? '' : ` (${endpoints}*)`}.`,
      }
    : { ok: false, text: `It does not describe ${counted(missing.length, 'route')} of ${routes.length}: ${listed(missing, MOST_NAMED)}.` };
};

/** An operation without any answer describes nothing. */
function describes(document: ApiDocument, route: string): boolean {
  const [method = '', path = ''] = route.split(' ');
  const operation = document.findOperation(Method.parse(method), path);
  return operation !== undefined && STATUSES.some((status) => operation.declares(status));
}

function readApi(text: string): Readonly<Record<string, unknown>> {
  const value = text.trimStart().startsWith('{') ? parseJson(text) : readYaml(text);
  if (!isRecord(value)) throw new Error('it is no OpenAPI document: neither JSON nor YAML with an object in it');
  return value;
}

function readYaml(text: string): unknown {
  if (text.length > LONGEST_YAML) throw new Error(`as YAML it has ${text.length} characters; more than ${LONGEST_YAML} are not read. Give it as JSON`);
  try {
    // A key that stands twice is looked for in quadratic time; the last one counts, as in JSON.
    return parse(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'error', maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw new Error(`it is no YAML, or was cut off: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`, { cause });
  }
}
