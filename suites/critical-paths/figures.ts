// Finds figures of an API among those that a page shows as people read them: `1,234`, `98.76 %`, `1 234,5`. Used by dashboard-view.
/** A number as it was written: its value, and how many decimals it was given. */
export interface ShownNumber {
  readonly value: number;
  readonly decimals: number;
}

/** Digits with any usual separators of thousands and decimals. */
const NUMBER = /-?\d+(?:[.,\u00a0\u202f'’ ]\d{3})*(?:[.,]\d+)?(?!\d)/g;

/** Every way in which the numbers of a text can be read: `1.234` may be 1.234 or 1234. */
export function numbersIn(text: string): readonly ShownNumber[] {
  return [...text.matchAll(NUMBER)].flatMap(([written]) => readings(written));
}

function readings(written: string): readonly ShownNumber[] {
  const bare = written.replaceAll(/[\u00a0\u202f'’ ]/g, '');
  return [...new Set([bare.replaceAll(',', ''), bare.replaceAll('.', '').replace(',', '.'), bare.replaceAll(/[.,]/g, '')])]
    .filter((digits) => /^-?\d+(\.\d+)?$/.test(digits))
    .map((digits) => ({ value: Number(digits), decimals: digits.split('.')[1]?.length ?? 0 }));
}

/** Whether the figure is among them, rounded to the decimals shown; a share also as its percentage. Text that is a number counts as one. */
export function isShown(figure: unknown, shown: readonly ShownNumber[]): boolean {
  const value = typeof figure === 'string' && figure.trim() !== '' ? Number(figure) : figure;
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  const asShown = Math.abs(value) <= 1 ? [value, value * 100] : [value];
  return asShown.some((wanted) => shown.some((one) => Math.abs(one.value - wanted) <= 0.5 * 10 ** -one.decimals + Number.EPSILON * 1000));
}
