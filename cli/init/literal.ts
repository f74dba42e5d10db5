// Values as TypeScript writes them, and words that stand in a comment. What comes from an application goes into a file that runs, so nothing may break out.

const WIDTH = 140;

/** An object literal in the house's style. `indent`: of the line that it begins on. */
export function literal(value: unknown, indent = ''): string {
  const flat = flatLiteral(value);
  if (flat.length + indent.length <= WIDTH || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((one) => `${inner}${literal(one, inner)},\n`).join('')}${indent}]`;
  return `{\n${fieldsOf(value)
    .map(([key, one]) => `${inner}${keyText(key)}: ${literal(one, inner)},\n`)
    .join('')}${indent}}`;
}

function flatLiteral(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = fieldsOf(value).map(([key, one]) => `${keyText(key)}: ${flatLiteral(one)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return String(value);
}

const fieldsOf = (value: object): [string, unknown][] => Object.entries(value).filter(([, one]) => one !== undefined);

function quoted(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`);
  return `'${escaped.replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`)}'`;
}

/** `__proto__` written as it is would be no field at all. */
function keyText(key: string): string {
  if (key === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** Lines of a `//` comment, those after the first as far in as a list's sign; whatever would end it becomes a space. */
export function comment(text: string, indent = '', width = 150): string {
  const words = plainText(text)
    .split(' ')
    .filter((word) => word !== '');
  const hang = ' '.repeat(/^(?:-|\d+\.) /.exec(text)?.[0].length ?? 0);
  const lines = words.reduce<string[]>((all, word) => {
    const last = all.at(-1);
    if (last === undefined) return [word];
    return last.length + word.length + 1 > width - indent.length - 3 ? [...all, hang + word] : [...all.slice(0, -1), `${last} ${word}`];
  }, []);
  return lines.map((line) => `${indent}// ${line}\n`).join('');
}

/** Text as a person reads it on a terminal: without anything that a terminal would obey. */
export function plainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
