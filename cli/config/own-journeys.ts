// Finds the tests that a configuration puts in the place of our journeys: their paths begin where the configuration file is. Called by resolve-environment.
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { GateError, type Surface } from '../../gates/model.ts';

/** The surface with absolute paths. Throws CONFIG_INVALID, which names every test that is not there. */
export function withOwnJourneys(name: string, surface: Surface, directory: string): Surface {
  if (surface.web === undefined) return surface;
  const place = (spec: string): string => (isAbsolute(spec) ? spec : join(directory, spec));
  const own = Object.entries(surface.web.journeys).flatMap(([id, journey]) =>
    journey !== undefined && 'spec' in journey ? [[id, place(journey.spec)] as const] : [],
  );
  const missing = own.filter(([, spec]) => !existsSync(spec));
  if (missing.length > 0) {
    const lines = missing.map(([id, spec]) => `  - environments.${name}.surface.web.journeys.${id}.spec: ${spec} is not there`);
    throw new GateError('CONFIG_INVALID', `${missing.length === 1 ? 'A journey of your own is' : 'Journeys of your own are'} missing:\n${lines.join('\n')}`, {
      remedy: "Give the path of a Playwright test, relative to the configuration file: { spec: 'e2e/post.spec.ts' }.",
    });
  }
  const journeys = { ...surface.web.journeys, ...Object.fromEntries(own.map(([id, spec]) => [id, { spec }])) };
  return { ...surface, web: { ...surface.web, journeys } };
}
