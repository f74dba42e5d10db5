// A folded part of report.md, and its tables.
export interface Folded {
  readonly title: string;
  readonly body: readonly string[];
}

/** Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
