// What a person meets in the browser, as data: how pages, journeys, plugins and themes are known. Part of the surface; defaults in suites/naap-web.ts.
import { z } from 'zod';

/** Something on a page, known as a person knows it: by its role and name, its label, its text; by a selector only where nothing else tells. */
export const Locator = z.union([
  /** `name`: the accessible name, whole and as it is written. */
  z.strictObject({ role: z.string().min(1), name: z.string().min(1) }),
  z.strictObject({ label: z.string().min(1) }),
  z.strictObject({ placeholder: z.string().min(1) }),
  z.strictObject({ text: z.string().min(1) }),
  z.strictObject({ css: z.string().min(1) }),
]);
export type Locator = z.infer<typeof Locator>;

/** What a person does. `fill`: `{tag}` in the text becomes the run's tag. */
export const Step = z.union([
  z.strictObject({ click: Locator }),
  z.strictObject({ fill: Locator, with: z.string() }),
  z.strictObject({ press: z.string().min(1) }),
]);
export type Step = z.infer<typeof Step>;

/** A state that a page can be brought into: a menu or dialog open, a form with errors. Nothing may be written by it. */
export const PageState = z.strictObject({ id: z.string().min(1), steps: z.array(Step).min(1), shows: Locator });
export type PageState = z.infer<typeof PageState>;

export const Page = z.object({
  /** Kebab-case: `dashboard`. */
  id: z.string(),
  path: z.string(),
  access: z.enum(['public', 'authenticated']),
  title: z.string().optional(),
  /** What the page is for: each must be seen. Default none: then it can only be told that something was shown. */
  shows: z.array(Locator).optional(),
  /** The plugin that the page mounts. */
  plugin: z.string().optional(),
  /** Selectors of what changes by itself and is painted over in pictures. */
  dynamic: z.array(z.string().min(1)).optional(),
  states: z.array(PageState).optional(),
});
export type Page = z.infer<typeof Page>;

const path = z.string().startsWith('/');
const registration = z.strictObject({
  path,
  displayName: Locator,
  email: Locator,
  password: Locator,
  confirmPassword: Locator.optional(),
  submit: Locator,
  landing: path,
});
/** `refusal`: what says that the password is wrong; default: whatever has the role `alert` and says something. */
const login = z.strictObject({ path, email: Locator, password: Locator, submit: Locator, landing: path, refusal: Locator.optional() });
/** `refusedBy`: an API path that answers 401 to the old session afterwards. */
const logout = z.strictObject({ path, submit: Locator, refusedBy: path });
const pluginLoad = z.strictObject({ pages: z.array(z.strictObject({ path, plugin: z.string().min(1), shows: Locator })).min(1) });
const pluginNavigate = z.strictObject({
  from: path,
  links: z.array(z.strictObject({ link: Locator, to: path, plugin: z.string().min(1), shows: Locator })).min(2),
});
/** `data`: GET, the figures that the page must show: those named by `figures` (fields below `data` of the envelope), else every number at its top. */
const dashboardView = z.strictObject({ path, shows: z.array(Locator).min(1), data: path, figures: z.array(z.string().min(1)).min(1).optional() });
/** `connections`: GET, shows what was connected, by `address`. `undo`: DELETE, `{id}` is `idField` of one. The same with posts, by `title`. */
const walletConnect = z.strictObject({ path, connect: Locator, connections: path, idField: z.string(), undo: path });
const communityPost = z.strictObject({ path, open: Locator, title: Locator, body: Locator, submit: Locator, posts: path, idField: z.string(), undo: path });
/** `packages`: GET, what must be listed. `nothingFound`: what says that a search matches nothing; absent: that it says so is not looked at. */
const marketplaceBrowse = z.strictObject({ path, search: Locator, card: Locator, packages: path, nothingFound: Locator.optional() });
const settingsUpdate = z.strictObject({ path, edit: Locator, displayName: Locator, save: Locator, profile: path });

/** A journey of the user's own, in the place of ours: the path of a Playwright test, relative to the configuration. */
const Replaced = z.strictObject({ spec: z.string().min(1) });
const orReplaced = <Journey extends z.ZodType>(journey: Journey) => z.union([Replaced, journey]).optional();

/** The ten critical paths of plan §0.1.3. One that is absent must be declared not applicable, else the criterion is an error. */
export const Journeys = z.strictObject({
  'user-registration': orReplaced(registration),
  'user-login': orReplaced(login),
  'user-logout': orReplaced(logout),
  'plugin-load': orReplaced(pluginLoad),
  'plugin-navigate': orReplaced(pluginNavigate),
  'dashboard-view': orReplaced(dashboardView),
  'wallet-connect': orReplaced(walletConnect),
  'community-post': orReplaced(communityPost),
  'marketplace-browse': orReplaced(marketplaceBrowse),
  'settings-update': orReplaced(settingsUpdate),
});
export type Journeys = z.infer<typeof Journeys>;
export type JourneyId = keyof Journeys;
export const JOURNEY_IDS = Object.keys(Journeys.shape) as readonly JourneyId[];

export const Plugins = z.strictObject({
  /** GET: the plugins that the asking account has. */
  list: path,
  /** Below `data` of the envelope. */
  field: z.string(),
  /** Page that mounts a plugin which has no page of its own in `pages`. */
  route: path.includes('{name}'),
  /** Attributes of the element that a plugin is mounted in, and the status of one that has loaded. */
  mark: z.strictObject({ name: z.string(), status: z.string(), loaded: z.string() }),
});
export type Plugins = z.infer<typeof Plugins>;

/** How a person chooses between light and dark, and by what it is known which one is shown. */
export const Theme = z.strictObject({ toggle: Locator, selector: z.string(), attribute: z.string(), light: z.string(), dark: z.string() });
export type Theme = z.infer<typeof Theme>;

export const WebSurface = z.strictObject({
  journeys: Journeys,
  /** Absent: the application has no plugins. */
  plugins: Plugins.optional(),
  /** Absent: nobody can choose; what the system prefers is followed or not. */
  theme: Theme.optional(),
  /** Hosts besides the environment's own that pages may contact: `fonts.example.com`. */
  thirdParties: z.array(z.string().min(1)),
  /** Paths of the environment's own that pages ask for and that are answered 4xx by design: `/api/v1/wallets/connect` of somebody who has none. Without a query; 5xx is an error all the same. */
  expectedRefusals: z.array(path).optional(),
});
export type WebSurface = z.infer<typeof WebSurface>;
