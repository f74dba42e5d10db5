// What an application shows a client, as data: the profile that checks speak through. Defaults in suites/naap-surface.ts.
import { z } from 'zod';
import { Effect } from './verdicts.ts';

export const Method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
export type Method = z.infer<typeof Method>;

/** JSON type that a field of an answer must have. */
export const FieldType = z.enum(['string', 'number', 'boolean', 'array', 'object', 'timestamp', 'any']);
export type FieldType = z.infer<typeof FieldType>;

export const Endpoint = z.object({
  /** Kebab-case, dotted by area: `auth.login`, `community.create-post`. */
  id: z.string(),
  method: Method,
  /** Begins with `/api/`. `{name}` stands for a value of `params`. */
  path: z.string().startsWith('/'),
  params: z.record(z.string(), z.string()).optional(),
  /** `public`, `authenticated` (any role), or the roles that may. */
  access: z.union([z.enum(['public', 'authenticated']), z.array(z.string()).min(1)]),
  effect: Effect,
  /** A body that the endpoint accepts; `{tag}` in a string becomes the run's tag, so that what is written can be found and removed. */
  body: z.record(z.string(), z.unknown()).optional(),
  /** A body that must be refused as 400. */
  invalidBody: z.record(z.string(), z.unknown()).optional(),
  /** A double-submit token is needed. */
  csrf: z.boolean().optional(),
  expect: z.object({
    status: z.array(z.int()).min(1),
    /** Path in `data` of the envelope (or in the body where `envelope` is false) → its type: `{'user.id': 'string'}`. */
    fields: z.record(z.string(), FieldType).optional(),
    /** The answer has the envelope `{success, data, meta}`. Default true. */
    envelope: z.boolean().optional(),
    /** `redirect`: a 3xx whose Location has this prefix. */
    location: z.string().optional(),
  }),
  /** Endpoint that removes what this one wrote; `{id}` is taken from `idField` of the answer. */
  undo: z.object({ method: Method, path: z.string(), idField: z.string() }).optional(),
  /** GET endpoint that must show what this one wrote: at this path a list or object that contains `idField`'s value. */
  readBack: z.object({ path: z.string(), idField: z.string() }).optional(),
  /** Weight in the load mix; absent = not under load. Only `read` endpoints may have one. */
  loadWeight: z.number().positive().optional(),
  /** Counts against the auth rate limit (10 a minute and IP: naap-surface.md). */
  authQuota: z.boolean().optional(),
});
export type Endpoint = z.infer<typeof Endpoint>;

export const Surface = z.object({
  /** Roles that accounts may have, the anonymous visitor not among them. */
  roles: z.array(z.string()).min(1),
  auth: z.object({
    login: z.string(),
    logout: z.string(),
    me: z.string(),
    csrf: z.string().optional(),
    /** Name of the session cookie: `naap_auth_token`. */
    cookie: z.string(),
    /** Longest life of a session, seconds: 7 days (naap-surface.md). */
    sessionSeconds: z.int().positive(),
    /** Requests a minute and client that the auth routes allow: 10 (naap-surface.md). */
    quotaPerMinute: z.int().positive(),
  }),
  health: z.object({
    path: z.string(),
    /** JSON pointers into the health answer; each absent where the application does not tell. */
    commit: z.string().optional(),
    deploymentId: z.string().optional(),
    schemaVersion: z.string().optional(),
    /** The pool's own figures, where the server tells: waiting requests, connections in use, size. */
    poolWaiting: z.string().optional(),
    poolInUse: z.string().optional(),
    poolSize: z.string().optional(),
  }),
  endpoints: z.array(Endpoint),
  pages: z.array(z.object({ id: z.string(), path: z.string(), access: z.enum(['public', 'authenticated']), title: z.string().optional() })),
  /**
   * Objects that belong to one account and that another account of the same role must not see or change.
   * Each is created by `create` (an endpoint id), then asked for by `path` as the other account.
   */
  ownership: z.array(z.object({ id: z.string(), create: z.string(), method: Method, path: z.string(), idField: z.string(), refused: z.array(z.int()).min(1) })),
});
export type Surface = z.infer<typeof Surface>;
