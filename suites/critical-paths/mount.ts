// The element that a loaded plugin is mounted in. Used by the journeys of plugins.
import type { Locator, Page } from '@playwright/test';
import type { JourneyWorld } from './world.ts';

/** Known by its attributes; throws where the surface does not name them. */
export function mountOf(page: Page, { surface }: JourneyWorld, plugin: string): Locator {
  const mark = surface.web?.plugins?.mark;
  if (mark === undefined) throw new Error('The surface does not say by what a loaded plugin is known (surface.web.plugins.mark).');
  return page.locator(`[${mark.name}=${JSON.stringify(plugin)}][${mark.status}=${JSON.stringify(mark.loaded)}]`);
}
