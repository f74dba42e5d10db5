// The bytes of a document as text, JSON or a shape that is expected of it; whatever is not throws with words for the person who handed it in. Used by every rule.
import type { z } from 'zod';

/** Bytes ⇒ text: UTF-8 with or without a byte order mark, or UTF-16 with one, as PowerShell writes. Throws for anything else. */
export function readText(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new Error('it is empty');
  const text = decode(bytes);
  if (text.includes('\0')) throw new Error('it is binary, not text');
  if (text.trim() === '') throw new Error('it has nothing but blanks');
  return text;
}

function decode(bytes: Uint8Array): string {
  const label = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error(`it is no text in ${label.toUpperCase()}: binary, or cut off in the middle of a character`, { cause });
  }
}

/** Lines without their ends, whatever system wrote them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Throws where it is no JSON, with the place. */
export function readJson(bytes: Uint8Array): unknown {
  return parseJson(readText(bytes));
}
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`it is no JSON, or was cut off: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** `what`: "coverage summary". Throws with the first thing that is not as it must be, and where it stands. */
export function readShape<Shape>(schema: z.ZodType<Shape>, value: unknown, what: string): Shape {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  throw new Error(`it is no ${what}: ${place === '' ? '' : `${place}: `}${issue?.message ?? 'something else'}`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
