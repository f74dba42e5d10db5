// Whether two servers hash alike: their hash functions are no contract across versions, machines and encodings (DATA-INTEGRITY). Asked before every far comparison.
import type { DatabaseSession } from '../../../gates/model.ts';

/** `hashtextextended` and `sha256` came with PostgreSQL 11. */
const SINCE = 110_000;

/** Every length that the hash treats by itself (twelve bytes a step), and letters that are more than a byte. */
const TEXTS = ['', 'a', 'ab', 'elevenbytes', 'twelve bytes', 'thirteenbytes', 'twenty-four bytes exactl', 'ünïcödé €', 'x'.repeat(1000)] as const;
const SEEDS = ['0', '1', '-1', '4611686018427387905', '-9223372036854775808'] as const;
const SENT = [
  "encode(numeric_send(-12.50), 'hex')",
  "encode(timestamptz_send('2026-03-29 00:30:00.123456+00'), 'hex')",
  "encode(float8send('-0'), 'hex')",
  "encode(interval_send('1 mon 1 day 00:00:00.5'), 'hex')",
  "encode(sha256('\\x00ff'), 'hex')",
  `'{"b": 1.00, "a": [1, 2]}'::jsonb::text`,
  "textin(bpcharout('ab'::char(4)))",
] as const;

/** The texts of this statement's values: equal on two servers that hash alike. */
export const AGREEMENT = `SELECT ${[
  ...TEXTS.flatMap((text) => SEEDS.map((seed) => `hashtextextended('${text}' COLLATE "C", ${seed})`)),
  ...SENT.map((text) => `hashtextextended((${text}) COLLATE "C", 1)`),
]
  .map((hash, index) => `${hash} AS h${index}`)
  .join(', ')}`;

/** Undefined where both servers hash alike; else why their hashes may not be compared. */
export async function disagreement(legacy: DatabaseSession, target: DatabaseSession): Promise<string | undefined> {
  const old = [legacy, target].find(({ version }) => version < SINCE);
  if (old !== undefined) return `PostgreSQL ${Math.floor(old.version / 10_000)} has no hash functions of 64 bits`;
  const encodings = await Promise.all(
    [legacy, target].map(async (session) => (await session.rows("SELECT current_setting('server_encoding') AS e"))[0]?.['e']),
  );
  if (encodings[0] !== encodings[1]) return `the servers store text in ${encodings[0]} and ${encodings[1]}`;
  const [a, b] = await Promise.all([legacy, target].map(async (session) => Object.values((await session.rows(AGREEMENT))[0] ?? {})));
  return hashesAgree(a ?? [], b ?? []) ? undefined : 'the servers hash the same values differently';
}

/** Pure. A server that answers the same for all does not hash. */
export function hashesAgree(a: readonly (string | null)[], b: readonly (string | null)[]): boolean {
  const asked = TEXTS.length * SEEDS.length + SENT.length;
  return a.length === asked && b.length === asked && !a.includes(null) && new Set(a).size === asked && a.every((hash, index) => hash === b[index]);
}
