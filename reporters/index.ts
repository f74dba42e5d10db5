// All reporters, in the order in which a run writes them; the terminal's text stands in terminal.ts.
import type { Reporter } from '../gates/model.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';

export const reporters: readonly Reporter[] = [json, markdown, html, junit];
