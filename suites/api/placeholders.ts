// Fills the placeholders of the surface's sample bodies: {tag}, {address}, {email}, {password}. Used by the API checks.
import { createHash } from 'node:crypto';

export interface Values {
  /** Unique for each use: the run's tag with a serial. */
  readonly tag: string;
  readonly email?: string;
  readonly password?: string;
}

let serial = 0;

/** The run's tag with a serial, so that two uses of one body never collide, and both are found by the tag. */
export function nextTag(tag: string): string {
  serial += 1;
  return `${tag}-${Date.now().toString(36)}${serial.toString(36)}`.toLowerCase();
}

/** An Ethereum address that nobody holds the key of: the hash of the tag. */
function makeAddress(tag: string): string {
  return `0x${createHash('sha256').update(tag).digest('hex').slice(0, 40)}`;
}

/** The body with its placeholders filled, at any depth; others stay as they stand. */
export function fillPlaceholders<T>(body: T, values: Values): T {
  const known: Readonly<Record<string, string | undefined>> = {
    tag: values.tag,
    address: makeAddress(values.tag),
    email: values.email,
    password: values.password,
  };
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(/\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
    return value;
  };
  return fill(body) as T;
}
