import { expect, test } from 'vitest';
import type { Page } from '../../gates/model.ts';
import type { PageRecord, SeenRequest } from '../instruments/browser/watch-page.ts';
import type { Look } from './look.ts';
import { findFailedRequests, findLookFlaws, findRecordFlaws, findWrongEnd } from './page-flaws.ts';

const ORIGIN = 'https://naap.test';
const PAGE: Page = { id: 'forum', path: '/forum', access: 'public', shows: [{ role: 'heading', name: 'Forum' }] };
const FINE: Look = {
  visit: { arrived: true, status: 200, url: `${ORIGIN}/forum` },
  endedAt: '/forum',
  missing: [],
  title: 'Forum · NaaP',
  headings: ['Forum'],
  text: 'Forum What the community talks about.',
  hasMore: false,
};
const QUIET: PageRecord = { requests: [], consoleErrors: [], exceptions: [], violations: [], mixedContent: [], interruptions: [] };
const request = (more: Partial<SeenRequest>): SeenRequest => ({
  method: 'GET',
  url: `${ORIGIN}/api/v1/posts?token=abc`,
  type: 'fetch',
  startedAt: '2026-11-23T10:00:00.000Z',
  ...more,
});

test('a page that shows what it is for has no flaw', () => {
  expect(findLookFlaws(PAGE, FINE, undefined)).toEqual([]);
  expect(findRecordFlaws(QUIET, { origins: [ORIGIN], isStranger: false })).toEqual([]);
});

test.each<[string, Partial<Look>, string]>([
  ['did not arrive', { visit: { arrived: false, why: 'It was answered 503.', status: 503 } }, 'It was answered 503.'],
  ['was answered by no page', { visit: { arrived: true, status: 304, url: '' } }, 'It was answered 304, expected 200.'],
  ['ended elsewhere', { endedAt: '/login?next=/forum' }, 'It ended at /login instead of /forum.'],
  ['shows nothing', { text: '', missing: PAGE.shows ?? [] }, 'It shows nothing.'],
  ['lacks what it is for', { missing: PAGE.shows ?? [], text: 'Oops' }, 'It does not show heading "Forum". What is seen begins with "Oops".'],
  ['has no title', { title: '' }, 'It has no title.'],
])('a page that %s is told of in words', (_, seen, flaw) => {
  expect(findLookFlaws(PAGE, { ...FINE, ...seen }, undefined)).toEqual([flaw]);
});

test('a title that the surface names must be that', () => {
  expect(findLookFlaws({ ...PAGE, title: 'Forum' }, FINE, undefined)).toEqual(['Its title is "Forum · NaaP", expected "Forum".']);
});

test('a picture without a word is something, and a page that shows it is not blank', () => {
  expect(findLookFlaws({ ...PAGE, shows: undefined }, { ...FINE, text: '', hasMore: true }, 'Nowhere')).toEqual([]);
});

test('a page whose text is all in shadow roots is not blank where what it must show was seen', () => {
  expect(findLookFlaws(PAGE, { ...FINE, headings: [], text: '' }, undefined)).toEqual([]);
  expect(findLookFlaws({ ...PAGE, shows: undefined }, { ...FINE, headings: [], text: '' }, undefined)).toEqual(['It shows nothing.']);
});

test('a page of which nothing is named fails where it is an error page in disguise, and only then', () => {
  const page = { ...PAGE, shows: undefined };
  const flawsOf = (seen: Partial<Look>, nowhere?: string): readonly string[] => findLookFlaws(page, { ...FINE, ...seen }, nowhere);
  expect(flawsOf({ headings: ['Internal Server Error'] })).toEqual(['It was answered 200, and says "Internal Server Error".']);
  expect(flawsOf({ title: '404: This page could not be found' })).toEqual(['It was answered 200, and says "404: This page could not be found".']);
  expect(flawsOf({ text: 'Welcome' }, 'Welcome')).toEqual(['It shows what an address that cannot exist shows.']);
  expect(flawsOf({ headings: ['404 nodes of the network'] }, 'Nowhere')).toEqual([]);
  expect(flawsOf({ headings: ['Forum of 5000 members'] }, 'Nowhere')).toEqual([]);
});

test('a slash at the end and a query are no other address', () => {
  expect(findWrongEnd({ path: '/forum' }, { endedAt: '/forum/?tab=new' })).toEqual([]);
  expect(findWrongEnd({ path: '/' }, { endedAt: '/' })).toEqual([]);
  expect(findWrongEnd({ path: '/' }, { endedAt: '/home' })).toEqual(['It ended at /home instead of /.']);
});

test.each<[string, Partial<SeenRequest>, boolean, readonly string[]]>([
  ['answered 500', { status: 500 }, true, ['GET /api/v1/posts was answered 500.']],
  ['answered 404', { status: 404 }, false, ['GET /api/v1/posts was answered 404.']],
  ['cut', { failure: 'net::ERR_CONNECTION_RESET' }, false, ['GET /api/v1/posts failed: net::ERR_CONNECTION_RESET.']],
  ['broken off by the page itself', { failure: 'net::ERR_ABORTED' }, false, []],
  ['refused to a stranger', { status: 401 }, true, []],
  ['refused to an account', { status: 401 }, false, ['GET /api/v1/posts was answered 401.']],
  ['a script that is refused to a stranger', { status: 403, type: 'script' }, true, ['GET /api/v1/posts was answered 403.']],
  ["somebody else's", { status: 500, url: 'https://fonts.example.com/a.woff2' }, false, []],
  ['the page itself, which the visit speaks of', { status: 404, type: 'document' }, false, []],
  ['refused by design', { status: 404, url: `${ORIGIN}/api/v1/none-yet?of=me` }, false, []],
  ['to fail where it is refused by design', { status: 500, url: `${ORIGIN}/api/v1/none-yet` }, false, ['GET /api/v1/none-yet was answered 500.']],
  ['of no address', { status: 500, url: 'blob:nothing' }, false, []],
])('of requests, one that is %s', (_, seen, isStranger, flaws) => {
  expect(findFailedRequests([request(seen)], { origins: [ORIGIN], isStranger, refusals: ['/api/v1/none-yet'] })).toEqual(flaws);
});

test('errors are each named once, three of a kind, long ones cut; what a policy only reports is none', () => {
  const record: PageRecord = {
    ...QUIET,
    exceptions: ['a', 'a', 'b', 'c', 'd', 'e'],
    consoleErrors: ['[Report Only] Refused to load', 'x'.repeat(500)],
    interruptions: ['alert "hello"'],
  };
  expect(findRecordFlaws(record, { origins: [ORIGIN], isStranger: false })).toEqual([
    'Uncaught exception: a.',
    'Uncaught exception: b.',
    'Uncaught exception: c.',
    'And 2 more of the kind.',
    `Error on its console: ${'x'.repeat(160)}….`,
    'It stood in the way: alert "hello".',
  ]);
});
