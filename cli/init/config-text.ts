// Writes findings down as a configuration: TypeScript with what is unknown as comments, or JSON. Pure; called by `init`.
import type { Findings } from './findings.ts';
import { comment, literal } from './literal.ts';

export interface ConfigRequest {
  readonly findings: Findings;
  /** Name of the environment. */
  readonly environment: string;
  /** Headers that opened a wall, by the name of the variable that holds each: they are there, so they are asked for. */
  readonly access: Readonly<Record<string, { readonly env: string }>>;
  /** Path of an authority to trust. */
  readonly ca?: string;
  /** `2026-11-23` */
  readonly today: string;
}

/** What pull requests are judged under; every run gives its address. */
export const PREVIEW = 'preview';
const NO_PREVIEW = 'https://preview.invalid';

/** The same application, wherever it is deployed. */
function applicationOf({ findings: { identity }, access, ca }: ConfigRequest): Record<string, unknown> {
  const hasAccess = Object.keys(access).length > 0 || ca !== undefined;
  return {
    ...(identity === undefined ? {} : { identity }),
    ...(hasAccess ? { access: { ...(Object.keys(access).length === 0 ? {} : { headers: access }), ...(ca === undefined ? {} : { ca }) } } : {}),
  };
}

export function jsonConfig(request: ConfigRequest): string {
  const { findings, environment } = request;
  const application = { ...applicationOf(request), ...(findings.surface === undefined ? {} : { surface: findings.surface.value }) };
  const environments = {
    [environment]: { target: findings.target, ...application, allow: ['read'] },
    ...(environment === PREVIEW ? {} : { [PREVIEW]: { target: { web: NO_PREVIEW }, ...application, allow: ['read'] } }),
  };
  return `${JSON.stringify({ environments }, null, 2)}\n`;
}

export function typescriptConfig(request: ConfigRequest): string {
  const { findings, environment } = request;
  const { surface } = findings;
  const isDifferent = surface?.kind === 'differences';
  const application = Object.entries(applicationOf(request)).map(([key, value]) => `  ${key}: ${literal(value, '  ')},\n`);
  const surfaceLine =
    surface === undefined ? '' : `  surface: ${isDifferent ? `naapSurface(${literal(surface.value, '  ')})` : literal(surface.value, '  ')},\n`;
  const fields = application.join('') + surfaceLine + proposals(findings);
  const preview =
    environment === PREVIEW
      ? ''
      : `${comment('Pull requests: --url web=… says where. Without it nothing answers under this name (RFC 2606).', '    ')}    ${PREVIEW}: { target: { web: '${NO_PREVIEW}' }, ...application, allow: ['read'] },\n`;
  return `${header(request)}import { defineConfig, type EnvironmentInput${isDifferent ? ', naapSurface' : ''} } from 'naap-gate';

/** The same application, wherever it is deployed. */
const application: Omit<EnvironmentInput, 'target' | 'allow'> = ${fields === '' ? '{}' : `{\n${fields}}`};

export default defineConfig({
  environments: {
    ${/^[a-z]\w*$/.test(environment) ? environment : literal(environment)}: {
      target: ${literal(findings.target, '      ')},
      ...application,
${comment("Only reads. With accounts of its own: 'write' (what is written is tagged and removed). 'load' needs consent: load: { maxRps, maxConnections, approvedBy, window }.", '      ')}      allow: ['read'],
    },
${preview}  },
});
`;
}

function header({ findings, today }: ConfigRequest): string {
  const learned = findings.learned.length === 0 ? [] : ['\n', comment('Learned:'), ...findings.learned.map((text) => comment(`- ${text}`))];
  const unknown = findings.unknown.map(({ field, what, fill }, index) => comment(`${index + 1}. ${field}: ${what}. To do: ${fill}.`));
  return [
    comment(
      `What naap-gate judges, and how it gets in. Proposed by \`naap-gate init\` on ${today}, from ${findings.source}. Every field: docs/configuration.md of naap-gate.`,
    ),
    ...learned.map((line) => (line === '\n' ? '//\n' : line)),
    ...(unknown.length === 0 ? [] : ['//\n', comment('Could not be learned, and is yours to fill in:'), ...unknown]),
  ].join('');
}

/** What needs a secret stands as a comment until the secret is there: the file is valid as it is. */
function proposals({ login, wall }: Findings): string {
  const headers = wall?.headers ?? [];
  const access =
    headers.length === 0
      ? ''
      : proposal(
          `Opens ${wall?.what ?? 'the wall'}, once the ${headers.length === 1 ? 'variable is' : 'variables are'} set:`,
          `access: { headers: { ${headers.map(({ name, env }) => `'${name}': { env: '${env}' }`).join(', ')} } },`,
        );
  return access + authProposal(login);
}

function authProposal(login: Findings['login']): string {
  switch (login.kind) {
    case 'password':
      return proposal(
        `Seen: ${login.seen}. Once the accounts are there and the variables set:`,
        'auth: {',
        "  kind: 'password',",
        '  accounts: {',
        ...(['admin', 'member', 'other'] as const).map((name) => {
          const variable = `GATE_${name.toUpperCase()}`;
          return `    ${name}: { email: { env: '${variable}_EMAIL' }, password: { env: '${variable}_PASSWORD' }${name === 'other' ? ", role: 'member'" : ''} },`;
        }),
        '  },',
        '},',
      );
    case 'oauth':
      return proposal(
        `Seen: ${login.seen}. Once Playwright has saved a session of each (await context.storageState({ path })):`,
        "auth: { kind: 'storageState', accounts: { admin: { path: 'admin.json' }, member: { path: 'member.json' } } },",
      );
    case 'wall':
    case 'unknown':
      return '';
    default:
      return login.kind satisfies never;
  }
}

function proposal(why: string, ...lines: readonly string[]): string {
  return comment(why, '  ') + lines.map((line) => `  // ${line}\n`).join('');
}

/** Names of the variables that hold secrets once all that is proposed is taken. */
export function proposedSecrets({ findings: { login, wall }, access }: ConfigRequest): string[] {
  const accounts = login.kind === 'password' ? ['ADMIN', 'MEMBER', 'OTHER'].flatMap((name) => [`GATE_${name}_EMAIL`, `GATE_${name}_PASSWORD`]) : [];
  return [...Object.values(access).map(({ env }) => env), ...(wall?.headers ?? []).map(({ env }) => env), ...accounts];
}
