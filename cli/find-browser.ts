// Which Chromium pages are opened with: the configured one, the one that set-up proved, else one that lies on this machine. Called by open-environment.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Environment, GateError } from '../gates/model.ts';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { recordedChromium } from '../scripts/chromium.mjs';
import { playwrightPlaces, systemPlaces } from '../scripts/chromium-places.mjs';

interface Where {
  readonly configured?: string | undefined;
  /** Where a relative configured path begins. */
  readonly directory?: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Nothing where there is none: checks that need it say so. Throws CONFIG_INVALID for a configured one that is not there. */
export function findBrowser({ configured, directory = '.', variables }: Where): Pick<Environment, 'browser'> {
  if (configured !== undefined) return { browser: { path: configuredPath(configured, directory) } };
  const probes = {
    env: variables,
    platform: process.platform,
    home: homedir(),
    list: (folder: string) => (existsSync(folder) ? readdirSync(folder) : []),
    isFile,
  };
  const path = (recordedChromium(cacheFolder({ env: variables })) ?? playwrightPlaces(probes)[0] ?? systemPlaces(probes)[0])?.path;
  return path === undefined ? {} : { browser: { path } };
}

function configuredPath(configured: string, directory: string): string {
  const path = isAbsolute(configured) ? configured : join(directory, configured);
  if (isFile(path)) return path;
  throw new GateError('CONFIG_INVALID', `browser.path: ${path} is no file.`, {
    remedy: "Name the executable of a Chromium, or leave `browser` out: one that Playwright installed, or the system's, is found.",
  });
}
