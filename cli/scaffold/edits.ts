// The edits that `new check` makes in existing files, as functions from text to text. Each answers undefined where the file is not as it expects.

/** Puts an import after the last one. */
export function withImport(text: string, line: string): string | undefined {
  const last = [...text.matchAll(/^import [^;]*;\n/gm)].at(-1);
  return last === undefined ? undefined : insert(text, last.index + last[0].length, `${line}\n`);
}

/** Adds a check to its suite in suites/index.ts. */
export function withCheck(text: string, suite: string, variable: string): string | undefined {
  const key = new RegExp(`^  '?${suite}'?: \\[`, 'm').exec(text);
  if (key === null) return undefined;
  const open = key.index + key[0].length - 1;
  return withLast(text, open, variable);
}

/** Adds a binding to the row's call: `section.measured({ row: 'x', … }, a, b)`. Undefined too where several rows of the file have this name. */
export function withBinding(text: string, row: string, binding: string): string | undefined {
  const found = [...text.matchAll(new RegExp(`\\.measured\\(\\s*\\{\\s*row: '${row}'`, 'g'))];
  const [only] = found;
  return only === undefined || found.length > 1 ? undefined : withLast(text, only.index + '.measured'.length, binding);
}

/** Adds `name` to what is imported from `source`, where it is not yet. */
export function withName(text: string, name: string, source: string): string | undefined {
  const found = new RegExp(`^import \\{([^}]*)\\} from '${source.replaceAll('.', '\\.')}';`, 'm').exec(text);
  if (found === null) return withImport(text, `import { ${name} } from '${source}';`);
  const names = (found[1] ?? '').split(',').map((one) => one.trim());
  if (names.includes(name)) return text;
  return text.replace(found[0], `import { ${[...names.filter((one) => one !== ''), name].join(', ')} } from '${source}';`);
}

/** Adds an element to the array that ends the file. */
export function withElement(text: string, element: string): string | undefined {
  const end = text.lastIndexOf('\n];');
  return end < 0 ? undefined : insert(text, end + 1, element);
}

/** Puts `what` last between the bracket at `open` and the one that closes it. */
function withLast(text: string, open: number, what: string): string | undefined {
  const close = closingOf(text, open);
  if (close === undefined) return undefined;
  const inside = text.slice(open + 1, close).trimEnd();
  const comma = inside.trim() === '' || inside.endsWith(',') ? '' : ',';
  return `${text.slice(0, open + 1)}${inside}${comma} ${what}${text.slice(close)}`;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The bracket that closes the one at `open`; what stands in strings and comments does not count. */
function closingOf(text: string, open: number): number | undefined {
  const token = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[()[\]{}]/g;
  token.lastIndex = open;
  const awaited: string[] = [];
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const closing = CLOSING[match[0]];
    if (closing !== undefined) awaited.push(closing);
    else if (match[0] === awaited.at(-1)) awaited.pop();
    if (awaited.length === 0) return match.index;
  }
  return undefined;
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}
