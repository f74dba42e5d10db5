// bench/RESULTS.md: a section for each bench, of which each run replaces its own. Pure; called by main.ts.

/** `section` begins with `## name`. Sections that are not there yet go last. */
export function withSection(text: string, name: string, section: string): string {
  const parts = text.split(/^(?=## )/mu);
  const isOwn = (part: string): boolean => part.startsWith(`## ${name}\n`);
  const own = `${section.trimEnd()}\n`;
  const replaced = parts.some(isOwn) ? parts.map((part) => (isOwn(part) ? own : part)) : [...parts, own];
  return `${replaced.map((part) => part.trimEnd()).join('\n\n')}\n`;
}
