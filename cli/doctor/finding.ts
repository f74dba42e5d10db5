// What the doctor found out about one precondition. Made by the files beside it, printed by doctor-text.ts, handed out by --json.

/** Best to worst, but for the last: `missing` alone makes the exit code 3. */
export const WORDS = ['ok', 'note', 'warn', 'missing', 'not-looked-at'] as const;
export type Word = (typeof WORDS)[number];

export const GROUPS = [
  'This machine',
  'Configuration',
  'Application',
  'Accounts',
  'Databases',
  'Tools',
  'What the gate would do',
  'People and papers',
] as const;
export type Group = (typeof GROUPS)[number];

export interface Finding {
  readonly group: Group;
  readonly name: string;
  /** `not-looked-at`: why stands in `found`; it claims nothing. */
  readonly word: Word;
  readonly found: string;
  readonly needed: string;
  /** How to get it; absent where nothing is to be done. */
  readonly remedy?: string;
}
/** A finding before its group and, where there is only one, its name are known. */
export type Look = Omit<Finding, 'group' | 'name'> & { readonly name?: string };

export const ok = (found: string, needed: string): Look => ({ word: 'ok', found, needed });
export const note = (found: string, needed: string, remedy?: string): Look => ({ word: 'note', found, needed, ...(remedy === undefined ? {} : { remedy }) });
export const warn = (found: string, needed: string, remedy: string): Look => ({ word: 'warn', found, needed, remedy });
export const missing = (found: string, needed: string, remedy: string): Look => ({ word: 'missing', found, needed, remedy });
export const unseen = (why: string, needed: string): Look => ({ word: 'not-looked-at', found: why, needed });

/** `missing` where the gate cannot do without, else a warning. */
export const lacking = (isNeeded: boolean, found: string, needed: string, remedy: string): Look =>
  isNeeded ? missing(found, needed, remedy) : warn(found, needed, remedy);

export const named = (name: string, look: Look): Look => ({ ...look, name });
