import { expect, test } from 'vitest';
import type { HttpResponse } from '../../../gates/model.ts';
import { modernise } from './openapi-3-0.ts';
import { readDocument } from './openapi-document.ts';

const URL_OF_IT = 'https://naap.test/api/openapi.json';
const info = { title: 'x', version: '1' };

function answer(json: unknown, status = 200, type = 'application/json; charset=utf-8'): HttpResponse {
  return { status, json, text: json === undefined ? '' : JSON.stringify(json), headers: json === undefined ? {} : { 'content-type': type }, durationMs: 1 };
}
function documentWith(responses: Record<string, unknown>, more: Record<string, unknown> = {}): Parameters<typeof readDocument>[0] {
  return { openapi: '3.1.0', info, paths: { '/x/{id}': { get: { responses } } }, ...more };
}
function flawOf(responses: Record<string, unknown>, response: HttpResponse, more: Record<string, unknown> = {}): string | undefined {
  return readDocument(documentWith(responses, more), URL_OF_IT).findOperation('GET', '/x/{name}')?.findAnswerFlaw(response);
}
const body = (schema: unknown): unknown => ({ description: 'x', content: { 'application/json': { schema } } });

test.each([
  ['is valid', documentWith({ 200: body({ type: 'string' }) }), undefined],
  ['is Swagger 2.0', { swagger: '2.0', info, paths: {} }, expect.stringContaining('no `openapi: 3.x`')],
  ['lacks what it must have', { openapi: '3.1.0', paths: {} }, expect.stringContaining("must have required property 'info'")],
  ['refers to nothing', documentWith({ 200: body({ $ref: '#/components/schemas/Nobody' }) }), expect.stringContaining('Nobody')],
])('a document that %s', (_, document, flaw) => {
  expect(readDocument(document, URL_OF_IT).findFlaw()).toEqual(flaw);
});

test.each([
  ['/api', '/api/x/{a}'],
  ['https://naap.test/api/', '/api/x/{a}'],
  ['.', '/api/x/{a}'],
])('paths stand below the server %j', (url, path) => {
  const document = readDocument(documentWith({}, { servers: [{ url }] }), URL_OF_IT);
  expect(document.findOperation('GET', path)).toBeDefined();
  expect(document.findOperation('POST', path)).toBeUndefined();
  expect(document.findOperation('GET', '/x/{a}')).toBeUndefined();
});

test('what follows the question mark does not matter to a path', () => {
  expect(readDocument(documentWith({}), URL_OF_IT).findOperation('GET', '/x/{id}?page={id}')).toBeDefined();
});

test.each([
  ['as declared', { 200: body({ type: 'object', required: ['a'] }) }, answer({ a: 1 }), undefined],
  ['of another type', { 200: body({ properties: { a: { properties: { b: { type: 'string' } } } } }) }, answer({ a: { b: 1 } }), '200: `a.b` must be string'],
  ['of a status that is not declared', { 200: body({}) }, answer({}, 404), '404 is not declared'],
  ['of a class that is declared', { '4XX': body({ type: 'object' }) }, answer({}, 404), undefined],
  ['that only the default fits', { default: body({ type: 'string' }) }, answer({}, 500), '500: `the body` must be string'],
  ['with a body that is not declared', { 204: { description: 'x' } }, answer({}, 204), '204 is declared without a body and has one'],
  ['without a body, as declared', { 302: { description: 'x' } }, answer(undefined, 302), undefined],
  ['of another media type', { 200: body({}) }, answer('x', 200, 'text/html'), '200 is declared as application/json, got text/html'],
  [
    'with a time that is none',
    { 200: body({ properties: { at: { type: 'string', format: 'date-time' } } }) },
    answer({ at: 'now' }),
    '200: `at` must match format "date-time"',
  ],
])('an answer %s', (_, responses, response, flaw) => {
  expect(flawOf(responses, response)).toBe(flaw);
});

test('references are followed, in answers and in schemas, also where they go round', () => {
  const components = {
    responses: { Ok: body({ $ref: '#/components/schemas/Tree' }) },
    schemas: { Tree: { type: 'object', properties: { id: { type: 'string' }, children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } } },
  };
  const responses = { 200: { $ref: '#/components/responses/Ok' } };
  expect(flawOf(responses, answer({ id: 'a', children: [{ id: 'b' }] }), { components })).toBeUndefined();
  expect(flawOf(responses, answer({ id: 'a', children: [{ id: 1 }] }), { components })).toBe('200: `children.0.id` must be string');
});

test('a reference to another document is a flaw, and nothing is fetched', () => {
  expect(flawOf({ 200: body({ $ref: 'https://elsewhere.test/schema.json' }) }, answer({}))).toContain('the declared schema cannot be used');
});

test.each([
  ['nullable beside a type', { type: 'string', nullable: true }, null, undefined],
  ['nullable beside an enumeration', { type: 'string', enum: ['a'], nullable: true }, null, undefined],
  ['nullable beside a composition', { nullable: true, allOf: [{ type: 'object' }] }, null, undefined],
  ['not nullable', { type: 'string', nullable: false }, null, '200: `the body` must be string'],
  ['a bound that is out', { type: 'number', minimum: 1, exclusiveMinimum: true }, 1, '200: `the body` must be > 1'],
  ['a bound that is in', { type: 'number', maximum: 1, exclusiveMaximum: false }, 1, undefined],
])('OpenAPI 3.0: %s', (_, schema, value, flaw) => {
  expect(flawOf({ 200: body(schema) }, answer(value), { openapi: '3.0.3' })).toBe(flaw);
});

test('a document of 3.1 is left as it is, and one whose examples hold ids is no trouble', () => {
  const document = documentWith({ 200: { description: 'x', content: { 'application/json': { schema: {}, example: { id: 'a', nullable: true } } } } });
  expect(modernise(document)).toEqual(document);
  expect(flawOf({ 200: body({ example: { id: 'same' }, examples: [{ id: 'same' }] }) }, answer({}), { openapi: '3.0.3' })).toBeUndefined();
});
