// What a page of `naap-gate explain` is made of, as data: printed by page-text.ts, handed out whole by --json. Made by the *-page.ts beside it.

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'items'; readonly items: readonly string[] }
  /** A name with what is to be said of it. */
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [name: string, text: string])[] }
  /** To be typed as it stands, but for words in capitals. */
  | { readonly kind: 'commands'; readonly commands: readonly string[] };

export interface Section {
  readonly heading: string;
  /** Never empty. */
  readonly blocks: readonly Block[];
}

export const PAGE_KINDS = [
  'criterion',
  'check',
  'suite',
  'metric',
  'gate',
  'fault',
  'risk',
  'role',
  'trigger',
  'error',
  'reason',
  'finding',
  'state',
  'exit code',
  'word',
] as const;

export interface Page {
  readonly kind: (typeof PAGE_KINDS)[number];
  readonly id: string;
  readonly title: string;
  readonly sections: readonly Section[];
}

export const text = (words: string): Block => ({ kind: 'text', text: words });
export const items = (...list: readonly string[]): Block => ({ kind: 'items', items: list });
export const pairs = (...list: readonly (readonly [string, string])[]): Block => ({ kind: 'pairs', pairs: list });
export const commands = (...list: readonly string[]): Block => ({ kind: 'commands', commands: list });

/** Blocks without content are left out, and so is a section of which nothing is left. */
export function section(heading: string, ...blocks: readonly Block[]): readonly Section[] {
  const full = blocks.filter((block) => contentOf(block) > 0);
  return full.length === 0 ? [] : [{ heading, blocks: full }];
}

function contentOf(block: Block): number {
  switch (block.kind) {
    case 'text':
      return block.text.length;
    case 'items':
      return block.items.length;
    case 'pairs':
      return block.pairs.length;
    case 'commands':
      return block.commands.length;
    default:
      return block satisfies never;
  }
}
