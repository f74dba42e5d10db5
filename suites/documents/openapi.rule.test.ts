// OpenAPI documents in JSON and YAML, and each way in which one can be wrong.
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { judgeOpenapi } from './openapi.rule.ts';

const RULE = { kind: 'openapi' as const, describe: 'x', routes: ['GET /api/v1/files/{id}', 'POST /api/v1/files', 'DELETE /api/v1/delete?id={id}'] };
const responses = { 200: { description: 'fine' } };
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const API = {
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  servers: [{ url: '/api/v1' }],
  paths: {
    '/files/{fileId}': { parameters: [{ ...id, name: 'fileId' }], get: { responses } },
    '/files': { post: { responses } },
    '/delete': { delete: { responses } },
  },
};
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

test.each<readonly [string, Buffer]>([
  ['as JSON', bytes(API)],
  ['as YAML', bytes(stringify(API))],
  ['as YAML with CRLF and a byte order mark', bytes(`\uFEFF${stringify(API).replaceAll('\n', '\r\n')}`)],
  ['of version 3.0', bytes({ ...API, openapi: '3.0.3' })],
])('a document %s that describes every route is accepted', (_, content) => {
  expect(judgeOpenapi(content, RULE)).toEqual({ ok: true, text: 'Valid, and it describes all 3 routes of the surface.' });
});

test.each<readonly [string, unknown, string | RegExp]>([
  [
    'a route that is not there',
    { ...API, paths: { '/files': API.paths['/files'], '/delete': API.paths['/delete'] } },
    'It does not describe 1 route of 3: GET /api/v1/files/{id}.',
  ],
  ['another method', { ...API, paths: { ...API.paths, '/files': { put: { responses } } } }, 'It does not describe 1 route of 3: POST /api/v1/files.'],
  ['an operation without any answer', { ...API, paths: { ...API.paths, '/files': { post: {} } } }, 'It does not describe 1 route of 3: POST /api/v1/files.'],
  ['paths below another server', { ...API, servers: [{ url: '/api/v2' }] }, /^It does not describe 3 routes of 3/],
  ['no path at all', { ...API, paths: {} }, /^It does not describe 3 routes of 3/],
  ['Swagger 2.0', { swagger: '2.0', info: API.info, paths: {} }, /^It is not valid: it has no `openapi: 3\.x`/],
  ['a document without info', { ...API, info: undefined }, /^It is not valid: \/ must have required property 'info'/],
  ['a reference to nothing', { ...API, paths: { ...API.paths, '/files': { $ref: '#/components/pathItems/Nobody' } } }, /^It is not valid: .*Nobody/],
  ['a reference to another file', { ...API, paths: { ...API.paths, '/files': { $ref: 'files.yaml' } } }, /^It is not valid: .*files\.yaml/],
  ['some other object', { a: 1 }, /^It is not valid/],
])('%s is not enough', (_, content, text) => {
  expect(judgeOpenapi(bytes(content), RULE)).toEqual({ ok: false, text: typeof text === 'string' ? text : expect.stringMatching(text) });
});

test.each([undefined, []])('without routes to hold it against (%j) nothing is proved', (routes) => {
  expect(judgeOpenapi(bytes(API), { kind: 'openapi', describe: 'x', endpoints: 'storage.', ...(routes === undefined ? {} : { routes }) })).toEqual({
    ok: false,
    text: 'The surface names no route (storage.*) that it could be held against.',
  });
});

test.each<readonly [string, Buffer, RegExp]>([
  ['nothing', bytes(''), /it is empty/],
  ['JSON cut off', bytes(JSON.stringify(API).slice(0, 200)), /no JSON, or was cut off/],
  ['YAML that is none', bytes('openapi: 3.1.0\npaths: [\n'), /no YAML, or was cut off/],
  ['prose', bytes('The API is well documented.'), /neither JSON nor YAML with an object in it/],
  ['a list', bytes('- a\n- b\n'), /neither JSON nor YAML with an object in it/],
  ['a page', bytes('<!doctype html><html></html>'), /neither JSON nor YAML|no YAML/],
  [
    'aliases that grow without end',
    bytes(
      `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`).join('\n')}`,
    ),
    /no YAML, or was cut off: Excessive alias count/,
  ],
  ['50 MB of garbage', Buffer.alloc(50 * 1024 * 1024, 'x '), /more than \d+ are not read/],
])('%s cannot be read', (_, content, message) => {
  expect(() => judgeOpenapi(content, RULE)).toThrow(message);
});
