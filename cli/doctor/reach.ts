// Whether each address of the environment takes a connection and, where it is https, shows a certificate that holds for a while.
import { once } from 'node:events';
import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectSecurely, getCACertificates, type TLSSocket } from 'node:tls';
import type { Environment } from '../../gates/model.ts';
import { describeTransportError } from '../../suites/instruments/transport-errors.ts';
import { lacking, type Look, named, ok, warn } from './finding.ts';

const CONNECT_MS = 8000;
/** A certificate that ends before the cutover is over takes the whole site down. */
const CERTIFICATE_DAYS = 14;
const DAY_MS = 86_400_000;

export interface Address {
  /** `target.web` */
  readonly name: string;
  readonly url: string;
  readonly isNeeded: boolean;
}

/** One for each origin; the names of those that share one are joined. */
export function addressesOf({ target, legacy }: Pick<Environment, 'target' | 'legacy'>, needsLegacy: boolean): readonly Address[] {
  const all: Address[] = [
    { name: 'target.web', url: target.web, isNeeded: true },
    { name: 'target.api', url: target.api, isNeeded: true },
    ...(legacy === undefined
      ? []
      : [
          { name: 'legacy.web', url: legacy.web, isNeeded: needsLegacy },
          { name: 'legacy.api', url: legacy.api, isNeeded: needsLegacy },
        ]),
  ];
  return [...Map.groupBy(all, ({ url }) => new URL(url).origin)].map(([origin, same]) => ({
    name: same.map(({ name }) => name).join(', '),
    url: origin,
    isNeeded: same.some(({ isNeeded }) => isNeeded),
  }));
}

export async function lookAtAddress({ name, url, isNeeded }: Address, ca: string | undefined, now: Date, signal: AbortSignal): Promise<Look> {
  const { protocol, host } = new URL(url);
  const needed = protocol === 'https:' ? 'takes connections, with a certificate that is trusted' : 'takes connections';
  try {
    const { tookMs, endsAt, version } = await open(new URL(url), ca, signal);
    const found = `${host} in ${Math.round(tookMs)} ms${version === undefined ? '' : `, ${version}`}`;
    if (endsAt === undefined)
      return named(
        name,
        isLoopback(url) ? ok(found, needed) : warn(`${found}, without TLS`, needed, 'Use https: passwords and tokens travel over this address.'),
      );
    const days = Math.floor((endsAt.getTime() - now.getTime()) / DAY_MS);
    const told = `${found}, certificate until ${endsAt.toISOString().slice(0, 10)}`;
    return named(
      name,
      days < CERTIFICATE_DAYS ? warn(told, needed, `Renew the certificate: it ends in ${days} ${days === 1 ? 'day' : 'days'}.`) : ok(told, needed),
    );
  } catch (error) {
    signal.throwIfAborted();
    const { what, remedy } = describeTransportError(error);
    return named(name, lacking(isNeeded, `${host} ${what}`, needed, remedy));
  }
}

function isLoopback(url: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname);
}

interface Opened {
  readonly tookMs: number;
  /** Absent without TLS. */
  readonly endsAt?: Date;
  readonly version?: string;
}

/** Throws the socket's error; ETIMEDOUT where nothing came in time. */
async function open({ hostname, port, protocol }: URL, ca: string | undefined, signal: AbortSignal): Promise<Opened> {
  const startedMs = performance.now();
  const host = hostname.replace(/^\[|\]$/g, '');
  const isSecure = protocol === 'https:';
  const at = { host, port: Number(port === '' ? (isSecure ? 443 : 80) : port) };
  const trust = { ca: [...getCACertificates('default'), ...(ca === undefined ? [] : [ca])], ...(isIP(host) === 0 ? { servername: host } : {}) };
  const socket = isSecure ? connectSecurely({ ...at, ...trust }) : connectPlain(at);
  const timeout = AbortSignal.timeout(CONNECT_MS);
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', { signal: AbortSignal.any([signal, timeout]) });
    return { tookMs: performance.now() - startedMs, ...(isSecure ? certificateOf(socket as TLSSocket) : {}) };
  } catch (error) {
    throw timeout.aborted ? Object.assign(new Error('no connection in time', { cause: error }), { code: 'ETIMEDOUT' }) : error;
  } finally {
    socket.on('error', () => undefined); // What comes after we have seen enough is nobody's.
    socket.destroy();
  }
}

function certificateOf(socket: TLSSocket): Pick<Opened, 'endsAt' | 'version'> {
  const endsAt = new Date(socket.getPeerCertificate().valid_to);
  return { ...(Number.isNaN(endsAt.getTime()) ? {} : { endsAt }), version: socket.getProtocol() ?? 'TLS' };
}
