// How the rules of evidence put numbers and names. Used by the rules.

/** `5120` ⇒ `5 120`. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

/** `1 file`, `2 files`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** Share ⇒ per cent, cut off rather than rounded: 79.9999 % is not 80 %. */
export function percent(share: number): string {
  return `${Math.floor(Number((share * 10_000).toPrecision(12))) / 100} %`;
}

const MOST = 3;
const LONGEST = 80;
/** The first few, and how many more there are. */
export function listed(names: readonly string[], most = MOST): string {
  const shown = names.slice(0, most).map((name) => (name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name));
  return `${shown.join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;
}
