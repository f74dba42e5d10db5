// Holds an answer against what the surface says of its endpoint, and puts each difference into words. Used by the API checks.
import type { Endpoint, FieldType, HttpResponse } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';

const ISO_TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** `any` asks only that the field is there. */
export function hasType(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'any':
      return value !== undefined;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'timestamp':
      return typeof value === 'string' && ISO_TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value));
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return type satisfies never;
  }
}

function nameType(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** `404 NOT_FOUND`, or the status alone where the body names no code. */
export function nameAnswer(response: HttpResponse): string {
  const code = readField(response.json, 'error.code');
  return `${response.status}${typeof code === 'string' ? ` ${code}` : ''}`;
}

/** What is wrong with the error envelope `{success: false, error: {code, message}, meta}`, or undefined. */
export function findErrorEnvelopeFlaw(response: HttpResponse): string | undefined {
  if (response.json === undefined) return 'the body is no JSON';
  if (readField(response.json, 'success') !== false) return 'the body has no `success: false`';
  for (const field of ['error.code', 'error.message']) {
    if (typeof readField(response.json, field) !== 'string') return `\`${field}\` is ${nameType(readField(response.json, field))}, expected string`;
  }
  return undefined;
}

/** What is wrong with a refusal that must have one of `statuses` and the error envelope, or undefined. */
export function findRefusalFlaw(response: HttpResponse, statuses: readonly number[]): string | undefined {
  if (!statuses.includes(response.status)) return `expected ${statuses.join(' or ')}, got ${nameAnswer(response)}${explainStatus(response.status)}`;
  const flaw = findErrorEnvelopeFlaw(response);
  return flaw === undefined ? undefined : `${response.status}, but ${flaw}`;
}

/** A hint where the status has a usual cause. */
export function explainStatus(status: number): string {
  switch (status) {
    case 429:
      return ' (rate limited: if this route has a limit, say `authQuota` in the surface)';
    case 501:
      return ' (not implemented: a proxy that points nowhere answers so)';
    case 404:
      return ' (no such route?)';
    default:
      return '';
  }
}

function findLocationFlaw(response: HttpResponse, prefix: string, ownOrigin: string): string | undefined {
  const location = response.headers['location'];
  if (location === undefined) return `expected a redirect to ${prefix}…, got no Location`;
  const relative = location.startsWith(`${ownOrigin}/`) ? location.slice(ownOrigin.length) : location;
  // What follows the query sign is the application's secret handshake (state, nonce), so it is not told.
  return location.startsWith(prefix) || relative.startsWith(prefix) ? undefined : `expected a redirect to ${prefix}…, got ${location.split('?')[0]}`;
}

/** What the fields are read from: `data` of the envelope, or the body itself. */
export function readData(endpoint: Endpoint, response: HttpResponse): unknown {
  return endpoint.expect.envelope === false ? response.json : readField(response.json, 'data');
}

function findFieldFlaw(endpoint: Endpoint, response: HttpResponse): string | undefined {
  const data = readData(endpoint, response);
  const wrong = Object.entries(endpoint.expect.fields ?? {}).flatMap(([path, type]) => {
    const value = readField(data, path);
    return hasType(value, type) ? [] : [`\`${path}\` is ${nameType(value)}, expected ${type}`];
  });
  return wrong.length === 0 ? undefined : `${response.status}, but ${wrong.join('; ')}`;
}

/** What differs from the surface, or undefined. `ownOrigin`: of the pages, for redirects that name it. */
export function findAnswerFlaw(endpoint: Endpoint, response: HttpResponse, ownOrigin: string): string | undefined {
  const { status, envelope = true, location } = endpoint.expect;
  if (!status.includes(response.status)) return `expected ${status.join(' or ')}, got ${nameAnswer(response)}${explainStatus(response.status)}`;
  if (location !== undefined && response.status >= 300 && response.status < 400) return findLocationFlaw(response, location, ownOrigin);
  if (response.status === 204) return undefined;
  if (response.status >= 400) return envelope ? findRefusalFlaw(response, status) : undefined;
  if (envelope && readField(response.json, 'success') !== true) return `${response.status}, but the body has no \`success: true\``;
  return findFieldFlaw(endpoint, response);
}
