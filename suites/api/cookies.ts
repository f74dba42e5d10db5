// Reads Set-Cookie headers: values and the attributes that decide who may send them. Used by the API checks.

export interface SetCookie {
  readonly name: string;
  readonly value: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  /** Lower case; undefined where the attribute is absent. */
  readonly sameSite: string | undefined;
  /** Life in seconds from Max-Age, which wins over Expires (RFC 6265 §5.3); undefined for a session cookie. */
  readonly maxAgeSeconds: number | undefined;
}

function readMaxAge(attributes: ReadonlyMap<string, string>, now: Date): number | undefined {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge);
  const expires = attributes.get('expires');
  const at = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(at) ? undefined : Math.round((at - now.getTime()) / 1000);
}

function parseLine(line: string, now: Date): SetCookie | undefined {
  const [pair = '', ...rest] = line.split(';');
  const equals = pair.indexOf('=');
  if (equals < 1) return undefined;
  const attributes = new Map(
    rest.map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()] as const;
    }),
  );
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    httpOnly: attributes.has('httponly'),
    secure: attributes.has('secure'),
    sameSite: attributes.get('samesite')?.toLowerCase(),
    maxAgeSeconds: readMaxAge(attributes, now),
  };
}

/** `header`: as HttpResponse joins it, one cookie a line. */
export function parseSetCookies(header: string | undefined, now: Date): readonly SetCookie[] {
  return (header ?? '').split('\n').flatMap((line) => parseLine(line, now) ?? []);
}

/** The same cookies as a client would send them back: `a=1; b=2`. */
export function readCookiePairs(header: string | undefined): string {
  return parseSetCookies(header, new Date(0))
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
}

/** What keeps a session cookie from being safe, or undefined. Attributes and life as the surface specifies them. */
export function findCookieFlaw(cookie: SetCookie, longestSeconds: number): string | undefined {
  const flaws: string[] = [];
  if (!cookie.httpOnly) flaws.push('HttpOnly is missing, so scripts can read it');
  if (!cookie.secure) flaws.push('Secure is missing, so it travels over plain HTTP');
  if (cookie.sameSite !== 'lax' && cookie.sameSite !== 'strict') flaws.push(`SameSite is ${cookie.sameSite ?? 'missing'}, expected Lax`);
  if (cookie.maxAgeSeconds === undefined) flaws.push('it has neither Max-Age nor Expires');
  else if (cookie.maxAgeSeconds <= 0 || cookie.maxAgeSeconds > longestSeconds)
    flaws.push(`it lives ${cookie.maxAgeSeconds} s, expected 1 to ${longestSeconds}`);
  return flaws.length === 0 ? undefined : flaws.join('; ');
}
