// All reporters, in the order in which a run writes them; the command line adds the terminal's text itself.
import type { Reporter } from '../gates/model.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';

export const reporters: readonly Reporter[] = [json, markdown, html, junit];
export { planText, verdictText } from './terminal.ts';
export type { TerminalOptions } from './terminal.ts';
