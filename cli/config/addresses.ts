// `--url web=URL api=URL legacy.web=URL`: other addresses for a configured environment, a preview deployment's for example. Called by open-environment.
import { GateError } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { type Config, type EnvironmentConfig, httpUrl } from './schema.ts';

type SideConfig = EnvironmentConfig['target'];
const PLACES = ['web', 'api', 'legacy.web', 'legacy.api'] as const;
type Place = (typeof PLACES)[number];

/** The environment at these addresses. Throws USAGE, with every mistake, and where an address belongs to another environment of the file. */
export function atAddresses(name: string, { environments }: Config, texts: readonly string[]): EnvironmentConfig | undefined {
  const configured = environments[name];
  if (configured === undefined || texts.length === 0) return configured;
  const given = readAddresses(texts);
  refuseOthers(name, environments, given);
  const target = moveSide('', configured.target, given.get('web'), given.get('api'));
  const legacy = moveSide('legacy.', configured.legacy, given.get('legacy.web'), given.get('legacy.api'));
  return { ...configured, ...(target === undefined ? {} : { target }), ...(legacy === undefined ? {} : { legacy }) };
}

function readAddresses(texts: readonly string[]): ReadonlyMap<Place, string> {
  const read = texts.map(readAddress);
  const mistakes = read.filter((one) => typeof one === 'string');
  if (mistakes.length === 0) return new Map(read.filter((one) => typeof one !== 'string'));
  throw new GateError('USAGE', `--url was not understood:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`, {
    remedy: 'For example: --url web=https://naap-git-branch.vercel.app',
  });
}

/** A place with its address, or what is wrong. */
function readAddress(text: string): readonly [Place, string] | string {
  const equals = text.indexOf('=');
  const named = text.slice(0, Math.max(0, equals));
  const place = PLACES.find((one) => one === named);
  const parsed = httpUrl.safeParse(text.slice(equals + 1));
  if (place !== undefined) return parsed.success ? [place, parsed.data] : `${place}: ${parsed.error.issues[0]?.message ?? 'a URL'} was expected.`;
  const meant = nearest(named, PLACES);
  return `"${named === '' ? '(no name)' : named}" is not one of ${PLACES.join(', ')}.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`;
}

/** What another environment forbids must not be done under this one's name. */
function refuseOthers(name: string, environments: Config['environments'], given: ReadonlyMap<Place, string>): void {
  for (const [place, url] of given) {
    const other = Object.entries(environments).find(([id, config]) => id !== name && originsOf(config).includes(new URL(url).origin));
    if (other !== undefined)
      throw new GateError('USAGE', `--url ${place}=${url} is the environment "${other[0]}", which has rules of its own.`, { remedy: `Use --env ${other[0]}.` });
  }
}

function originsOf({ target, legacy }: EnvironmentConfig): string[] {
  return [target, legacy]
    .flatMap((side) => (side === undefined ? [] : [side.web, ...(side.api === undefined ? [] : [side.api])]))
    .map((url) => new URL(url).origin);
}

/** Undefined where neither address is given. The API moves with the pages where it was on their origin. */
function moveSide(prefix: '' | 'legacy.', side: SideConfig | undefined, web: string | undefined, api: string | undefined): SideConfig | undefined {
  if (web === undefined && api === undefined) return undefined;
  if (web === undefined) {
    if (side === undefined) throw missing(`${prefix}web`, `The environment has no ${prefix}web address that ${prefix}api could belong to.`);
    return { ...side, api };
  }
  if (api !== undefined || side?.api === undefined) return { web, api };
  if (new URL(side.api).origin !== new URL(side.web).origin)
    throw missing(`${prefix}api`, `The API of the environment is on another origin than its pages (${side.api}).`);
  return { web, api: new URL(new URL(side.api).pathname, web).href };
}

function missing(place: string, why: string): GateError {
  return new GateError('USAGE', why, { remedy: `Say where it is now: --url ${place}=URL.` });
}
