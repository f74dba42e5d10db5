// `naap-gate twin up`: leaves the twin running until Ctrl-C, with its addresses and accounts printed.
import { EXIT, type ExitCode } from '../../gates/model.ts';
import { cacheFolder } from '../../scripts/cache-folder.mjs';
import type { Host } from '../terminal.ts';

export interface TwinUpOptions {
  readonly fault: readonly string[];
  readonly port?: number;
  /** Multiplies the rows. Default 1. */
  readonly scale?: number;
  readonly json: boolean;
}

export async function twinUp(options: TwinUpOptions, host: Host): Promise<ExitCode> {
  const { startTwin } = await import('../../fixtures/twin/start.ts');
  const { promise: interrupted, resolve } = Promise.withResolvers<void>();
  const forget = host.onInterrupt(resolve);
  const twin = await startTwin({
    cacheDir: cacheFolder({ env: host.env }),
    faults: options.fault,
    sides: ['target', 'legacy'],
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.scale === undefined ? {} : { scale: options.scale }),
    log: (text) => void host.stderr.write(`${text}\n`),
  });
  try {
    const facts = {
      target: twin.target,
      legacy: twin.legacy,
      accounts: twin.accounts,
      expiredSession: twin.expiredSession,
      database: twin.databases.target.url,
      legacyDatabases: Object.fromEntries(Object.entries(twin.databases.legacy).map(([name, { url }]) => [name, url])),
      ca: twin.caPath,
      accessLog: twin.accessLogPath,
      faults: options.fault,
    };
    host.stdout.write(options.json ? `${JSON.stringify(facts, null, 2)}\n` : describe(facts));
    await interrupted;
    return EXIT.interrupted;
  } finally {
    forget();
    await twin.stop();
  }
}

function describe(facts: {
  target: { web: string; api: string };
  legacy: { web: string; api: string } | undefined;
  accounts: Record<string, { email: string; password: string; role: string }>;
  database: string;
  ca: string;
  accessLog: string;
  faults: readonly string[];
}): string {
  const accounts = Object.entries(facts.accounts).map(
    ([name, { email, password, role }]) => `  ${name.padEnd(8)} ${email.padEnd(24)} ${password.padEnd(24)} ${role}`,
  );
  return [
    `Pages       ${facts.target.web}/login`,
    `API         ${facts.target.api}/v1/…   (${facts.target.api}/health)`,
    `Database    ${facts.database}`,
    ...(facts.legacy === undefined ? [] : [`Legacy      ${facts.legacy.web}/login   (its databases: --json)`]),
    `Authority   ${facts.ca}   (curl --cacert)`,
    `Access log  ${facts.accessLog}`,
    `Faults      ${facts.faults.length === 0 ? 'none: the twin is healthy' : facts.faults.join(', ')}`,
    'Accounts',
    ...accounts,
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}
