// Which pages are weighed: those of the surface, and one for every plugin that has none there. Called by bundle-size.check.ts.
import { type CheckContext, GateError } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import type { WeighedPage } from './weigh-page.ts';

/** Throws GateError TARGET_NOT_THE_APP where the list of plugins cannot be read. */
export async function pagesToWeigh(context: CheckContext, account: string | undefined): Promise<readonly WeighedPage[]> {
  const pages = context.surface.pages.map(({ path, access, shows = [], plugin }): WeighedPage => ({ path, isGuarded: access !== 'public', shows, plugin }));
  const own = new Set(pages.flatMap(({ plugin }) => plugin ?? []));
  const names = await listPlugins(context, account);
  return [...pages, ...names.filter((name) => !own.has(name)).map((name) => pageOf(context, name))];
}

function pageOf({ surface }: CheckContext, name: string): WeighedPage {
  const { route, mark } = surface.web?.plugins ?? { route: '', mark: { name: '', status: '', loaded: '' } };
  const css = `[${mark.name}=${JSON.stringify(name)}][${mark.status}=${JSON.stringify(mark.loaded)}]`;
  return { path: route.replace('{name}', encodeURIComponent(name)), isGuarded: true, shows: [{ css }], plugin: name };
}

async function listPlugins(context: CheckContext, account: string | undefined): Promise<readonly string[]> {
  const { plugins } = context.surface.web ?? {};
  if (plugins === undefined || account === undefined) return [];
  const { json, status } = await context.http.send({ path: plugins.list, as: await context.accounts.session(account) });
  const listed = readField(json, `data.${plugins.field}`);
  const names = Array.isArray(listed) ? listed.map((one) => readField(one, 'name')) : [];
  if (names.length === 0 || !names.every((name) => typeof name === 'string'))
    throw new GateError('TARGET_NOT_THE_APP', `${plugins.list} was answered ${status} and lists no plugins by name in data.${plugins.field}.`, {
      remedy: 'Correct surface.web.plugins in the configuration; `plugins: null` where the application has none.',
    });
  return names.filter((name) => typeof name === 'string');
}
