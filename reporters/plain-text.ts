// Makes text of unknown origin harmless for people's eyes, whatever the format; every reporter runs user text through it before its own escaping.

/** C0 and C1 controls except tab, newline and carriage return, which count as white space. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/gu;
/** Marks that reorder text on screen (Unicode TR 36, "bidirectional text spoofing"), and what XML 1.0 forbids besides controls. */
const DECEPTIVE = /[\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/gu;

/** U+2400 onwards has a visible picture of each C0 control: an escape shows as ␛. */
function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\uFFFD';
}

/** Text without control characters, reordering marks or lone surrogates; each is replaced by something visible, never dropped. Newlines stay. */
export function plain(text: string): string {
  return text.toWellFormed().replace(/\r\n?/gu, '\n').replace(CONTROL, picture).replace(DECEPTIVE, '\uFFFD');
}

/** The same on one line: runs of tabs and newlines become one space. */
export function oneLine(text: string): string {
  return plain(text)
    .replace(/\s*[\n\t\u2028\u2029]\s*/gu, ' ')
    .trim();
}
