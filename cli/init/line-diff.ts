// What differs between a file and what would be written, line by line. Called by `init` where it will not overwrite.

/** Unchanged lines shown around a change. */
const CONTEXT = 2;
type Line = { readonly mark: ' ' | '-' | '+'; readonly text: string };

/** `-` is what is there, `+` what would be. Longest common subsequence; files of a few hundred lines. */
export function lineDiff(there: string, proposed: string): string {
  const lines = compare(there.split('\n'), proposed.split('\n'));
  const isNear = (index: number): boolean => lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== ' ');
  return lines.flatMap((line, index) => (isNear(index) ? [`${line.mark} ${line.text}`] : isNear(index - 1) ? ['  …'] : [])).join('\n');
}

function compare(a: readonly string[], b: readonly string[]): Line[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) (lengths[i] as Uint32Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ mark: ' ', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push({ mark: '-', text: a[i++] ?? '' });
    else lines.push({ mark: '+', text: b[j++] ?? '' });
  }
  return lines;
}
