// The order of keys as both servers have it: how the binary forms of key columns compare. Used by compare-ordered.ts.

/**
 * `signed`: integers, dates and times, big-endian two's complement. `bytes`: texts under COLLATE "C", UUIDs, booleans, byte strings.
 * Everything else is a text under COLLATE "C" in a key (columns.ts sees to it), so two forms are enough.
 */
export type KeyForm = 'signed' | 'bytes';

/** Negative, zero or positive, as ORDER BY has it. Keys are never null. */
export function compareKeys(a: readonly Buffer[], b: readonly Buffer[], forms: readonly KeyForm[]): number {
  for (const [index, form] of forms.entries()) {
    const order = compareField(a[index] as Buffer, b[index] as Buffer, form);
    if (order !== 0) return order;
  }
  return 0;
}

function compareField(a: Buffer, b: Buffer, form: KeyForm): number {
  switch (form) {
    case 'bytes':
      return Buffer.compare(a, b);
    case 'signed': {
      // The sign is in the first byte; below it two's complement sorts as unsigned bytes do.
      const sign = a.readInt8(0) - b.readInt8(0);
      return sign === 0 ? Buffer.compare(a, b) : sign;
    }
    default:
      return form satisfies never;
  }
}
