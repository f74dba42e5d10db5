import { expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.mjs';

test.each([
  ['NAAP_GATE_CACHE wins everywhere', { env: { NAAP_GATE_CACHE: '/c', XDG_CACHE_HOME: '/x' }, platform: 'darwin', uid: 0, home: '/h' }, '/c'],
  ['macOS keeps caches in the library', { env: { XDG_CACHE_HOME: '/x' }, platform: 'darwin', uid: 501, home: '/h' }, '/h/Library/Caches/naap-gate'],
  [
    'root on Linux uses a folder that other users can enter',
    { env: { XDG_CACHE_HOME: '/x' }, platform: 'linux', uid: 0, home: '/root' },
    '/var/cache/naap-gate',
  ],
  ['a user on Linux may name a cache', { env: { XDG_CACHE_HOME: '/x' }, platform: 'linux', uid: 1000, home: '/h' }, '/x/naap-gate'],
  ['a user on Linux has one at home', { env: {}, platform: 'linux', uid: 1000, home: '/h' }, '/h/.cache/naap-gate'],
  ['an empty variable counts as absent', { env: { NAAP_GATE_CACHE: '', XDG_CACHE_HOME: '' }, platform: 'linux', uid: 1000, home: '/h' }, '/h/.cache/naap-gate'],
])('%s', (_, machine, folder) => {
  expect(cacheFolder(machine)).toBe(folder);
});
