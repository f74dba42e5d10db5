// Sessions that cannot be had, as the command line tells of them: set-up commands that fail, storage states of no use.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandFolder, commandFolder, leakedBy, reportOf } from './testing/command.ts';
import { SMALL_SURFACE, smallApplication, type SmallServer } from './testing/small-application.ts';
import { storageState } from './testing/storage-state.ts';

let commands: CommandFolder;
let server: SmallServer | undefined;
beforeEach(() => {
  commands = commandFolder();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  commands.remove();
});

test.each([
  ['cannot be started', ['./nowhere'], 'could not be started (ENOENT)'],
  ['fails', [process.execPath, '-e', 'process.exit(7)'], 'ended with exit code 7'],
  ['prints no JSON', [process.execPath, '-e', 'console.log(process.env.OUTPUT)'], 'printed something that is no JSON object'],
  ['prints nothing', [process.execPath, '-e', '0'], 'printed nothing'],
  [
    'knows other people',
    [process.execPath, '-e', 'console.log(JSON.stringify({membr: {token: process.env.OUTPUT}}))'],
    'printed JSON, but it holds nothing for "member"',
  ],
  ['does not end', [process.execPath, '-e', 'setInterval(() => 0, 1000)'], 'did not end within 1 s'],
])('a set-up command that %s says so, and not what it printed', async (_name, command, words) => {
  server = await smallApplication({ commit: '3f9c2ab', deploymentId: 'dpl_1' });
  const { web } = server;
  commands.configure({
    preview: { target: { web }, allow: ['read'], surface: SMALL_SURFACE, auth: { kind: 'setup', command, accounts: { member: {} }, timeoutSeconds: 1 } },
  });
  const ended = await commands.run(['phase3', '--env', 'preview', '--json', '--only', '*.authentication'], { OUTPUT: 'token-of-somebody' });
  expect(ended.code).toBe(3);
  const cases = reportOf(ended)
    .row('functionality.authentication')
    .results.flatMap((result) => result.cases ?? []);
  expect(cases.find(({ id }) => id === 'session/accepted')).toMatchObject({ state: 'not-run', detail: expect.stringContaining(`The set-up command ${words}`) });
  expect(leakedBy(ended, commands, ['token-of-somebody'])).toEqual([]);
});

test('storage states of no use are all named, and nothing of theirs is told', async () => {
  commands.write('broken.json', '{"cookies": secret-that-is-no-json');
  commands.write('strange.json', JSON.stringify({ cookies: [{ name: 'a' }] }));
  commands.write('elsewhere.json', JSON.stringify(storageState('a-token-for-the-target')));
  const accounts = Object.fromEntries(['broken', 'strange', 'elsewhere', 'missing'].map((name) => [name, { path: `${name}.json` }]));
  commands.configure({ preview: { target: { web: 'https://preview.naap.dev' }, allow: ['read'], auth: { kind: 'storageState', accounts } } });
  const ended = await commands.run(['phase3', '--env', 'preview']);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  for (const words of [
    'broken.json is no JSON.',
    'strange.json is no storage state (at cookies.0.',
    'elsewhere.json holds no cookie for preview.naap.dev',
    'missing.json could not be read (ENOENT)',
  ])
    expect(ended.stderr).toContain(words);
  expect(ended.stderr).not.toMatch(/secret-that-is|a-token-for|providers-own/);
});
