import { expect, test } from 'vitest';
import { alice, bob, carol, person } from '../testing/sealed-run.ts';
import { Approvers, isValidAt, parseApprovers, peopleOf, trustedApprovers } from './approvers.ts';

const mistakes = (value: unknown): string[] => {
  const parsed = Approvers.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

test('a key that is given twice, in whichever form, is a mistake: a key counts once', () => {
  const ssh = { ssh: `${alice.signer.publicKey.line} alice@laptop` };
  expect(mistakes({ CTO: { keys: [alice.key, bob.key, ssh] } })).toEqual(['CTO.keys.2: the same key stands here twice, and a key counts once']);
});

test('more signatures than people are a mistake; two keys with a name in common belong to one person', () => {
  const second = { ...person('x').key, names: ['x', 'alice'] };
  expect(mistakes({ CTO: { keys: [alice.key, second], min: 2 } })).toEqual(['CTO.min: 2 people must sign, but the keys belong to 1']);
  expect(mistakes({ CTO: { keys: [alice.key, second, bob.key], min: 2 } })).toEqual([]);
});

test('keys that cannot be read are all named, with what to do', () => {
  const found = mistakes({ CTO: { keys: [{ ssh: 'hello' }, { ed25519: 'AAAA' }, carol.key] }, Lead: { keys: [{ ssh: alice.pem }] } });
  expect(found.map((text) => text.slice(0, 48))).toEqual([
    'CTO.keys.0: "hello" is no SSH public key. A line',
    'CTO.keys.1: "AAAA" is no Ed25519 public key. Giv',
    'Lead.keys.0: This is a private key; it belongs t',
  ]);
});

test('what is no key says which shape was expected, and a role needs a key', () => {
  expect(mistakes({ CTO: { keys: [{ gpg: 'x' }] } })[0]).toMatch(/^CTO.keys.0: a key, \{ "ssh"/);
  expect(mistakes({ CTO: { keys: [] } })).toHaveLength(1);
});

test('people are found through any chain of shared names', () => {
  const key = (id: string, ...names: string[]): { id: string; names: string[] } => ({ id, names });
  expect(peopleOf([key('1', 'a'), key('2', 'b'), key('3', 'a', 'b'), key('4')]).map((keys) => keys.map(({ id }) => id).sort())).toEqual([
    ['1', '2', '3'],
    ['4'],
  ]);
});

test('a day is valid to its end', () => {
  const days = { from: '2026-11-23', until: '2026-11-23' };
  expect(['2026-11-22T23:59:59Z', '2026-11-23T00:00:00Z', '2026-11-23T23:59:59Z', '2026-11-24T00:00:00Z'].map((at) => isValidAt(days, new Date(at)))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('an approvers file may be the list itself, or a configuration with it', () => {
  const list: Approvers = { CTO: { keys: [carol.key] } };
  expect(parseApprovers(JSON.stringify(list), 'a.json')).toEqual(parseApprovers(JSON.stringify({ environments: {}, approvers: list }), 'a.json'));
  expect(() => parseApprovers('nonsense', 'a.json')).toThrow('a.json is no JSON.');
  expect(trustedApprovers(list).get('CTO')).toMatchObject({ min: 1, notRunner: false, expiresDays: undefined });
});
