// What an answer's CORS headers let a page of another origin do, as a browser reads them (Fetch standard, "CORS protocol"). Used by the check cors.
import type { HttpResponse } from '../../gates/model.ts';

export interface ForeignOrigin {
  readonly id: string;
  /** Value of the `Origin` header. */
  readonly origin: string;
}

/** Four that must never be let in with credentials: a stranger, one that begins like us, one that ends like us, and `null` (a sandboxed frame). */
export function listForeignOrigins(own: string): readonly ForeignOrigin[] {
  const { protocol, host, hostname } = new URL(own);
  return [
    { id: 'evil', origin: `${protocol}//naap-gate.evil.example` },
    { id: 'host.evil', origin: `${protocol}//${hostname}.evil.example` },
    { id: 'evilhost', origin: `${protocol}//evil${host}` },
    { id: 'null', origin: 'null' },
  ];
}

interface Permission {
  /** `Access-Control-Allow-Origin`; undefined: no page of another origin may read the answer. */
  readonly origin: string | undefined;
  readonly credentials: boolean;
}

export function readPermission({ headers }: HttpResponse): Permission {
  // Case-sensitive in the standard: `True` allows nothing.
  return { origin: headers['access-control-allow-origin'], credentials: headers['access-control-allow-credentials'] === 'true' };
}

/** Why `origin`, which is nobody of ours, is let in too far, or undefined. Reading without credentials shows no more than anybody sees. */
export function findForeignFlaw(response: HttpResponse, origin: string): string | undefined {
  const allowed = readPermission(response);
  if (allowed.origin === 'null' && origin === 'null') return 'the origin `null` is allowed, and a sandboxed frame of any site has it';
  if (!allowed.credentials) return undefined;
  if (allowed.origin === '*') return '`*` is allowed with credentials: browsers refuse that, and whoever mends it by reflecting the origin lets every site in';
  if (allowed.origin === origin) return `${origin} is reflected with credentials: a page there reads what the visitor may read`;
  return undefined;
}

/** Why a page of ours on `origin` cannot read the answer with credentials, or undefined. */
export function findOwnFlaw(response: HttpResponse, origin: string): string | undefined {
  const allowed = readPermission(response);
  if (allowed.origin !== origin) return `${origin} is ours and not allowed: \`Access-Control-Allow-Origin\` is ${allowed.origin ?? 'absent'}`;
  return allowed.credentials ? undefined : `${origin} is ours and may not send credentials: \`Access-Control-Allow-Credentials\` is not true`;
}

function lists(header: string | undefined, wanted: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim().toLowerCase() === wanted.toLowerCase());
}

/** What a preflight does not let a page of ours do, or undefined. */
export function findPreflightFlaw(response: HttpResponse, asked: { readonly method: string; readonly headers: readonly string[] }): string | undefined {
  if (response.status < 200 || response.status > 299) return `the preflight is answered ${response.status}, which browsers take as a refusal`;
  // GET, HEAD and POST need no permission of their own (Fetch standard, "CORS-safelisted method").
  const isSafe = ['GET', 'HEAD', 'POST'].includes(asked.method);
  if (!isSafe && !lists(response.headers['access-control-allow-methods'], asked.method)) return `the preflight does not allow ${asked.method}`;
  const missing = asked.headers.filter((header) => !lists(response.headers['access-control-allow-headers'], header));
  return missing.length === 0 ? undefined : `the preflight does not allow the header ${missing.join(', ')}`;
}

/** Answers to different origins differ and one does not say so: a cache between would hand one site's permission to another. */
export function findVaryFlaw(answers: readonly HttpResponse[]): string | undefined {
  const permissions = new Set(answers.map((answer) => readPermission(answer).origin));
  if (permissions.size === 1) return undefined;
  const silent = answers.filter(({ headers }) => !lists(headers['vary'], 'origin') && !lists(headers['vary'], '*'));
  return silent.length === 0
    ? undefined
    : 'the answer depends on the origin and does not say `Vary: Origin`: a cache would hand one permission to another site';
}
