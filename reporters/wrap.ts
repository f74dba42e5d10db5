// Fits text into the columns of a terminal; used by terminal.ts. Breaks at plain spaces only, so a number stays with its unit.

export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  return align === 'left' ? text.padEnd(columns) : text.padStart(columns);
}

/** Lines of at most `width` columns, the first after `indent`, the others after `hanging`. A longer word stands alone on its line. Empty text gives no line. */
export function wrap(text: string, width: number, indent: string, hanging: string = indent): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(indent + word);
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(hanging + word);
  }
  return lines;
}
