// Where the policy of a run was read from, as findings about it name the file. Called by the gate commands.
import { isAbsolute, relative, sep } from 'node:path';
import type { PolicyFiles } from '../../gates/model.ts';
import type { ReadConfig } from './read-config.ts';
import type { ReadWaivers } from './waivers.ts';

/** From the current folder, which is the root of what is judged, with `/`; a file that is not below it is not named. */
export function policyFiles({ path: config }: ReadConfig, { path: waivers, text }: ReadWaivers, directory: string): PolicyFiles {
  const places = { config: fromRoot(config, directory), waivers: text === undefined ? undefined : fromRoot(waivers, directory) };
  return Object.fromEntries(Object.entries(places).filter(([, place]) => place !== undefined));
}

function fromRoot(path: string | undefined, directory: string): string | undefined {
  const place = path === undefined ? '' : relative(directory, path);
  return place === '' || place.startsWith('..') || isAbsolute(place) ? undefined : place.split(sep).join('/');
}
