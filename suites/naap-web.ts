// What NaaP shows a person in the browser: pages, the ten journeys, plugins, theme (naap-surface.md). Part of naapSurface().
import type { Page, WebSurface } from '../gates/model.ts';

const heading = (name: string) => ({ role: 'heading', name });
const button = (name: string) => ({ role: 'button', name });
const link = (name: string) => ({ role: 'link', name });
const text = (shown: string) => ({ text: shown });
const css = (selector: string) => ({ css: selector });

/** The menu of the account stands on every page that needs a login. */
const MENU_OPEN = { id: 'menu-open', steps: [{ click: button('Account') }], shows: { role: 'menuitem', name: 'Settings' } };

export const NAAP_PAGES: Page[] = [
  { id: 'home', path: '/', access: 'public', shows: [heading('Network as a Platform'), link('Log in')] },
  {
    id: 'login',
    path: '/login',
    access: 'public',
    shows: [{ label: 'Email' }, { label: 'Password' }, button('Continue with email')],
    states: [{ id: 'form-errors', steps: [{ click: button('Continue with email') }], shows: css('[role="alert"]:not(:empty)') }],
  },
  {
    id: 'register',
    path: '/register',
    access: 'public',
    shows: [{ label: 'Display name' }, button('Create account')],
    states: [{ id: 'form-errors', steps: [{ click: button('Create account') }], shows: css('[role="alert"]:not(:empty)') }],
  },
  {
    id: 'dashboard',
    path: '/dashboard',
    access: 'authenticated',
    shows: [heading('Network Platform'), text('Success Rate')],
    plugin: 'dashboard',
    dynamic: ['[data-dynamic]'],
    states: [MENU_OPEN],
  },
  {
    id: 'forum',
    path: '/forum',
    access: 'authenticated',
    shows: [heading('Forum'), button('New Post')],
    plugin: 'forum',
    dynamic: ['[data-dynamic]'],
    states: [{ id: 'dialog-open', steps: [{ click: button('New Post') }], shows: { role: 'dialog', name: 'New Post' } }],
  },
  {
    id: 'wallet',
    path: '/wallet',
    access: 'authenticated',
    shows: [heading('Wallet'), button('Connect MetaMask')],
    plugin: 'wallet',
    dynamic: ['[data-dynamic]'],
  },
  {
    id: 'marketplace',
    path: '/marketplace',
    access: 'authenticated',
    shows: [heading('Marketplace'), { placeholder: 'Search plugins...' }],
    plugin: 'marketplace',
    dynamic: ['[data-dynamic]'],
  },
  { id: 'settings', path: '/settings', access: 'authenticated', shows: [heading('Settings'), button('Sign Out')], dynamic: ['[data-dynamic]'] },
];

const API = '/api/v1';

export const NAAP_WEB: WebSurface = {
  journeys: {
    'user-registration': {
      path: '/register',
      displayName: css('#displayName'),
      email: css('#email'),
      password: css('#password'),
      confirmPassword: css('#confirmPassword'),
      submit: button('Create account'),
      landing: '/verify-email',
    },
    'user-login': { path: '/login', email: css('#email'), password: css('#password'), submit: button('Continue with email'), landing: '/dashboard' },
    'user-logout': { path: '/settings', submit: button('Sign Out'), refusedBy: `${API}/auth/me` },
    'plugin-load': {
      pages: [
        { path: '/forum', plugin: 'forum', shows: button('New Post') },
        { path: '/wallet', plugin: 'wallet', shows: button('Connect MetaMask') },
      ],
    },
    'plugin-navigate': {
      from: '/forum',
      links: [
        { link: css('nav a[href="/marketplace"]'), to: '/marketplace', plugin: 'marketplace', shows: { placeholder: 'Search plugins...' } },
        { link: css('nav a[href="/wallet"]'), to: '/wallet', plugin: 'wallet', shows: button('Connect MetaMask') },
      ],
    },
    'dashboard-view': {
      path: '/dashboard',
      shows: [heading('Network Platform'), text('Success Rate')],
      data: `${API}/dashboard/kpi`,
      figures: ['successRate', 'orchestrators'],
    },
    'wallet-connect': {
      path: '/wallet',
      connect: button('Connect MetaMask'),
      connections: `${API}/wallet/connections`,
      idField: 'id',
      undo: `${API}/wallet/connections/{id}`,
    },
    'community-post': {
      path: '/forum',
      open: button('New Post'),
      title: { label: 'Title' },
      body: { label: 'Body' },
      submit: button('Post'),
      posts: `${API}/community/posts`,
      idField: 'id',
      undo: `${API}/community/posts/{id}`,
    },
    'marketplace-browse': {
      path: '/marketplace',
      search: { placeholder: 'Search plugins...' },
      card: css('h3'),
      packages: `${API}/registry/packages`,
      nothingFound: text('Nothing found.'),
    },
    'settings-update': {
      path: '/settings',
      edit: button('Edit Profile'),
      displayName: { label: 'Display name' },
      save: button('Save Profile'),
      profile: `${API}/auth/me`,
    },
  },
  plugins: {
    list: `${API}/base/plugins/personalized`,
    field: 'plugins',
    route: '/plugins/{name}',
    mark: { name: 'data-plugin-name', status: 'data-plugin-status', loaded: 'loaded' },
  },
  theme: { toggle: button('Dark theme'), selector: 'html', attribute: 'data-theme', light: 'light', dark: 'dark' },
  thirdParties: [],
};
