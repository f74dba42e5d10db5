// What became of a request, from the tags that k6 gives it, in the words of the built-in engine. Used by the record.
import type { Outcome } from '../wire.ts';

/** k6 v2.1.0, lib/netext/httpext/error_codes.go; 1400–1599 repeat the status. */
const TRANSPORT: Readonly<Record<number, string>> = {
  1050: 'timeout',
  1101: 'host not found',
  1201: 'connection lost',
  1211: 'timeout',
  1212: 'connection refused',
  1220: 'connection lost',
  1310: 'certificate of an unknown authority',
  1311: 'certificate of another host',
};
const HTTP_STATUS = { from: 1400, to: 1599 };

/** `refusal`: the error code of the body, where the script found one. */
export function outcomeOf(tags: Readonly<Record<string, string>>, ok: ReadonlySet<number>, refusal: string | undefined): Outcome {
  const status = Number(tags['status'] ?? 0);
  const code = Number(tags['error_code'] ?? 0);
  if (status === 0 || (code !== 0 && (code < HTTP_STATUS.from || code > HTTP_STATUS.to))) return TRANSPORT[code] ?? `transport k6 error ${code}`;
  if (ok.has(status)) return undefined;
  return refusal === undefined ? `status ${status}` : `status ${status} ${refusal}`;
}
