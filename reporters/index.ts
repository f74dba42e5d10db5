// All reporters; the terminal's text stands in terminal.ts.
import type { Reporter } from '../gates/model.ts';
import { html } from './html.ts';
import { intoto } from './intoto.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { sarif } from './sarif.ts';

/** The files that a run writes at its end, in this order. */
export const runReporters: readonly Reporter[] = [json, markdown, html, junit];

/** Every format that can be asked for. */
export const allReporters: readonly Reporter[] = [...runReporters, sarif, intoto];
