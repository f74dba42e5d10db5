// JUnit reports of real runners, and each way in which one can be wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeJunit } from './junit.rule.ts';

const RULE = { kind: 'junit', describe: 'x', suite: 'unit' } as const;
const recorded = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'testing', 'recorded', name));
const report = (inside: string, sums = ''): Buffer =>
  Buffer.from(`<?xml version="1.0"?>\n<testsuites ${sums}><testsuite name="s" ${sums}>${inside}</testsuite></testsuites>`);
const PASSED = '<testcase classname="a" name="x" time="0.1"/>';
const SKIPPED = '<testcase name="s"><skipped/></testcase>';
const FAILED = '<testcase classname="a" name="y"><failure message="m">at a:1</failure></testcase>';
const BROKEN = '<testcase name="z"><error/></testcase>';

test.each<readonly [string, Buffer, string]>([
  ['of Vitest', recorded('vitest-junit.xml'), '19 test cases ran, none failed.'],
  ["of Node's runner, which sums up direct children", recorded('node-junit.xml'), '3 test cases ran, none failed, 1 skipped.'],
  ['with skipped cases, which are said', report(PASSED + SKIPPED, 'tests="2" failures="0" errors="0" skipped="1"'), '1 test case ran, none failed, 1 skipped.'],
  ['with CRLF and a byte order mark', Buffer.from(`\uFEFF${report(PASSED).toString().replaceAll('\n', '\r\n')}`), '1 test case ran, none failed.'],
  ['of one suite', Buffer.from(`<testsuite>${PASSED}</testsuite>`), '1 test case ran, none failed.'],
  [
    'with a case that passed when repeated',
    report('<testcase name="f"><flakyFailure message="m"/></testcase>'),
    '1 test case ran, none failed, 1 passed only when repeated.',
  ],
  [
    'whose output looks like a failure',
    report('<testcase name="o"><system-out><![CDATA[<failure/>]]></system-out></testcase>'),
    '1 test case ran, none failed.',
  ],
])('a report %s is accepted', (_, bytes, text) => {
  expect(judgeJunit(bytes, RULE)).toEqual({ ok: true, text });
});

test.each<readonly [string, Buffer, string]>([
  ['a failed case', report(PASSED + FAILED), 'Of 2 test cases 1 failed: a › y.'],
  ['a case in error', report(PASSED + BROKEN + SKIPPED), 'Of 2 test cases 1 ended in error, 1 skipped: z.'],
  ['a failed case that says that it was skipped too', report(PASSED + '<testcase name="y"><failure/><skipped/></testcase>'), 'Of 2 test cases 1 failed: y.'],
  ['a case that failed by its status alone', report('<testcase name="y" status="failed"/>'), 'Of 1 test case 1 failed: y.'],
  ['no case', report(''), 'It has no test case: no unit test ran.'],
  ['an empty root', Buffer.from('<testsuites/>'), 'It has no test case: no unit test ran.'],
  ['nothing but skipped cases', report(SKIPPED + SKIPPED), 'None of its 2 test cases ran: all are skipped.'],
  [
    'a sum that hides that cases are missing',
    report(PASSED, 'tests="40"'),
    'It contradicts itself: "s" says 40 tests and has 1, "testsuites" says 40 tests and has 1.',
  ],
  [
    'a sum of failures without the failed case',
    report(PASSED, 'tests="1" failures="1"'),
    'It contradicts itself: "s" says 1 failed or in error and has 0, "testsuites" says 1 failed or in error and has 0.',
  ],
  [
    'a failed case beside a sum of none',
    report(PASSED + FAILED, 'tests="2" failures="0"'),
    'It contradicts itself: "s" says 0 failed or in error and has 1, "testsuites" says 0 failed or in error and has 1.',
  ],
  ['more skipped than there are', report(PASSED, 'skipped="5"'), 'It contradicts itself: "s" says 5 skipped and has 0, "testsuites" says 5 skipped and has 0.'],
])('%s is not enough', (_, bytes, text) => {
  expect(judgeJunit(bytes, RULE)).toEqual({ ok: false, text });
});

test("a failed run of Node's runner names the case", () => {
  expect(judgeJunit(recorded('node-junit-failed.xml'), RULE)).toEqual({ ok: false, text: 'Of 3 test cases 1 failed: a.in › y.' });
});

const BILLION = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><testsuites><testcase name="&b;"/></testsuites>`;
test.each<readonly [string, Buffer, RegExp]>([
  ['nothing', Buffer.from(''), /it is empty/],
  ['a report that was cut off', report(PASSED).subarray(0, -20), /no XML, or was cut off/],
  ['a report with a DTD', Buffer.from(BILLION), /it has a DTD/],
  ['a file of the machine as an entity', Buffer.from('<!DOCTYPE t SYSTEM "file:///etc/passwd"><testsuites/>'), /it has a DTD/],
  ['an entity that nobody defined', report('<testcase name="&x;"/>'), /no XML, or was cut off/],
  ['an attribute that stands twice', report('<testcase name="a" name="b"/>'), /no XML, or was cut off/],
  ['two roots', Buffer.from(`${report(PASSED)}<testsuites/>`), /no XML, or was cut off/],
  ['a page', Buffer.from('<html><body/></html>'), /outermost element is <html>/],
  ['JSON', Buffer.from('{"tests": 1}'), /no XML, or was cut off/],
  ['a case within a case', report('<testcase name="a"><testcase name="b"/></testcase>'), /stands within the test case "a"/],
  ['50 MB of garbage', Buffer.alloc(50 * 1024 * 1024, '<x '), /no XML, or was cut off|outermost element/],
])('%s cannot be read', (_, bytes, message) => {
  expect(() => judgeJunit(bytes, RULE)).toThrow(message);
});
