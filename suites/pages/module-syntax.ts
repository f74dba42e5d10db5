// Tells an ES module from a classic script by the language's own parser, without running it. Called by plugin-bundles.ts.
import { Script } from 'node:vm';

/** What V8 says when a classic script holds what only a module may. */
const MODULE_ONLY =
  /Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module|top level bodies of modules/;

/** `module`: it imports or exports, or uses what only a module may. `unreadable`: it is neither, as this parser reads. */
export type Syntax = 'module' | 'script' | 'unreadable';

export function syntaxOf(source: string): Syntax {
  try {
    // Compiled, never run.
    return new Script(source) instanceof Script ? 'script' : 'unreadable';
  } catch (error) {
    return error instanceof SyntaxError && MODULE_ONLY.test(error.message) ? 'module' : 'unreadable';
  }
}
