// Writes a number with its unit the way all reports do; used by wording.ts, charts and tables. Never rounds a difference away.
import type { Unit } from '../gates/model.ts';

/** Narrow no-break space (U+202F): groups thousands and stands before a unit, so that a number never breaks across lines. */
const THIN = '\u202F';
const MINUS = '\u2212';
/** More decimals than this are noise, even to tell two numbers apart. */
const MAX_DECIMALS = 6;

/** Three significant digits below 1000, whole numbers above. */
function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || Number.isInteger(value) || size >= 100) return 0;
  return Math.min(MAX_DECIMALS, 2 - Math.floor(Math.log10(size)));
}

/** Digits grouped by thin spaces, trailing zeros cut: 60 000, 12.4, −3. */
export function digits(value: number, decimals: number = decimalsFor(value)): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : `${value < 0 ? MINUS : ''}∞`;
  const text = value.toLocaleString('en-US', { maximumFractionDigits: decimals }).replaceAll(',', THIN);
  return text === '-0' ? '0' : text.replace('-', MINUS);
}

/** What the unit is written as, and the factor from the model's unit to the written one. */
function written(unit: Unit | undefined, size: number): { readonly suffix: string; readonly factor: number } {
  switch (unit) {
    case 'ms':
      return { suffix: `${THIN}ms`, factor: 1 };
    case 's':
      return { suffix: `${THIN}s`, factor: 1 };
    case 'req/s':
      return { suffix: `${THIN}req/s`, factor: 1 };
    case 'ratio':
      return { suffix: `${THIN}%`, factor: 100 };
    case 'bytes':
      return bytesAs(size);
    case 'count':
    case 'score':
    case '1':
    case undefined:
      return { suffix: '', factor: 1 };
    default:
      return unit satisfies never;
  }
}

function bytesAs(size: number): { readonly suffix: string; readonly factor: number } {
  if (size >= 2 ** 20) return { suffix: `${THIN}MiB`, factor: 2 ** -20 };
  if (size >= 2 ** 10) return { suffix: `${THIN}KiB`, factor: 2 ** -10 };
  return { suffix: `${THIN}B`, factor: 1 };
}

/**
 * `value` in `unit`, with as many decimals as it takes to look different from `besides` (a limit) where it is different:
 * 500.04 beside a limit of 500 is never written as 500, nor 0.99997 as 100 %.
 */
export function quantity(value: number, unit: Unit | undefined, besides?: number): string {
  const { suffix, factor } = written(unit, Math.max(Math.abs(value), Math.abs(besides ?? 0)));
  const scaled = value * factor;
  const others = [...(besides === undefined ? [] : [besides]), ...(unit === 'ratio' ? [0, 1] : [])].filter((other) => other !== value);
  let decimals = unit === 'ratio' ? 2 : decimalsFor(scaled);
  while (decimals < MAX_DECIMALS && others.some((other) => digits(other * factor, decimals) === digits(scaled, decimals))) decimals += 1;
  return digits(scaled, decimals) + suffix;
}

/** `value − limit` with its sign, in percentage points where the unit is a ratio. */
export function difference(value: number, limit: number, unit: Unit | undefined): string {
  const delta = Number((value - limit).toPrecision(12));
  const text = quantity(delta, unit).replace('%', 'points');
  return delta > 0 ? `+${text}` : text;
}

/** `598–631 ms`; ends that differ never look alike. */
export function span(low: number, high: number, unit: Unit | undefined): string {
  const { suffix } = written(unit, Math.max(Math.abs(low), Math.abs(high)));
  const from = quantity(low, unit, high).slice(0, suffix === '' ? undefined : -suffix.length);
  const to = quantity(high, unit, low);
  return from.startsWith(MINUS) || to.startsWith(MINUS) ? `${from} to ${to}` : `${from}–${to}`;
}

/** `one request`, `60 000 requests`: a count with its noun. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${digits(count)} ${count === 1 ? one : many}`;
}

/** Seconds as people say them: 0.4 s, 42 s, 3 min 20 s, 1 h 5 min. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${digits(Number(seconds.toFixed(1)))}${THIN}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${THIN}s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's');
  return joined(Math.floor(whole / 3600), 'h', Math.round((whole % 3600) / 60), 'min');
}

function joined(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${THIN}${bigUnit}` : `${big}${THIN}${bigUnit} ${small}${THIN}${smallUnit}`;
}
