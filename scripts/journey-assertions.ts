// Finds the assertions of a journey in its text, and takes one out. Pure; used by scripts/mutate-journeys.ts and by the test that holds faults and assertions together.

export interface Assertion {
  /** Its message: `the post appears`. */
  readonly message: string;
  /** Where the statement stands in the text, its semicolon not included. */
  readonly start: number;
  readonly end: number;
}

const BEGINNING = /(?<![\w.])(?:await )?expect(?:\s*\.(?:poll|soft))?\(/g;

/** In the order of the text. Throws for an assertion without a message: nobody could say which one failed. */
export function assertionsOf(source: string): readonly Assertion[] {
  return [...source.matchAll(BEGINNING)].map(({ index, 0: beginning }) => {
    const opened = index + beginning.length - 1;
    const [closed, end] = [closingOf(source, opened), endOf(source, opened)];
    const message = /'([^']+)',?\s*$/.exec(source.slice(opened + 1, closed))?.[1];
    if (message === undefined) throw new Error(`An assertion has no message: ${source.slice(index, end)}`);
    return { message, start: index, end };
  });
}

/** What remains is a whole program: an empty statement stands in its place. */
export function withoutAssertion(source: string, { start, end }: Assertion): string {
  return source.slice(0, start) + source.slice(end);
}

/** Position of the bracket that closes the one at `opened`. */
function closingOf(source: string, opened: number): number {
  return scan(source, opened, (depth) => depth === 0);
}

/** Position of the semicolon that ends the statement. */
function endOf(source: string, from: number): number {
  return scan(source, from, (depth, character) => depth === 0 && character === ';');
}

/** First position at which `isThere`, brackets counted and texts left out. */
function scan(source: string, from: number, isThere: (depth: number, character: string) => boolean): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const character = source[at] ?? '';
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (`'"\``.includes(character)) at = source.indexOf(character, at + 1);
    if (at < from) break;
    if (isThere(depth, character)) return at;
  }
  throw new Error(`Something is not closed: ${source.slice(from, from + 80)}`);
}
