// SQL as the server writes it out, made comparable across schemas and names: qualifiers of the own schemas go, identifiers are renamed, spaces do not count. Pure; used by names.ts.

/** Comments, literals (with and without backslashes), quoted and plain identifiers, spaces, anything else. */
const TOKENS = /--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*|\s+|[\s\S]/gu;
const IDENTIFIER = /^(?:"|[A-Za-z_\u0080-\uFFFF])/u;
const PLAIN = /^[a-z_][a-z0-9_$]*$/u;

export interface Rewriting {
  /** Schemas whose name before a dot says nothing: everything compared lies in them. */
  readonly ownSchemas: ReadonlySet<string>;
  readonly rename: (identifier: string) => string;
  /** Keeps spaces and line ends as they are: a body is compared to the letter. */
  readonly isExact?: boolean;
}

export function rewriteSql(text: string, rewriting: Rewriting): string {
  const tokens = text.match(TOKENS) ?? [];
  let written = '';
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (isIdentifier(token)) {
      const name = nameOf(token);
      if (tokens[at + 1] === '.' && rewriting.ownSchemas.has(name) && !written.endsWith('.')) at += 1;
      else written += written.endsWith('::') ? token : quoted(token, rewriting.rename(name));
    } else if (token.startsWith("'") && isObjectName(tokens, at)) written += `'${rewriteSql(token.slice(1, -1), rewriting)}'`;
    else written += /^\s/u.test(token) && rewriting.isExact !== true ? ' ' : token;
  }
  return written;
}

function isIdentifier(token: string): boolean {
  return IDENTIFIER.test(token) && !/^[eE]'/u.test(token);
}
function nameOf(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token;
}
/** Quoted only where it must be, whatever the server thinks of keywords. */
function quoted(token: string, name: string): string {
  const isQuoted = token.startsWith('"');
  if (!isQuoted && name === token) return token;
  return PLAIN.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
/** `'"Thing_id_seq"'::regclass` names an object, as no other literal does. */
function isObjectName(tokens: readonly string[], at: number): boolean {
  return tokens[at + 1] === ':' && tokens[at + 2] === ':' && tokens[at + 3]?.startsWith('reg') === true;
}

/** Without what stands before a dot: majors before and after 16 differ in whether a view of one table names it (release notes of 16). */
export function withoutQualifiers(text: string): string {
  return text.replace(/(?:"(?:[^"]|"")*"|[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*)\.(?=["A-Za-z_\u0080-\uFFFF])/gu, '');
}
