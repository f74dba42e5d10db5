// What an application shows a client, as data: the profile that checks speak through. Defaults in suites/naap-surface.ts.
import { z } from 'zod';
import { Effect } from './verdicts.ts';
import { Page, WebSurface } from './web-surface.ts';

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

/** By what in an answer one knows that it came from an instance that had answered nobody before. */
export const ColdStartMarker = z.union([
  /** A header that only such an answer carries; `value` where it must say something, as `1`. */
  z.strictObject({ header: z.string().min(1), value: z.string().optional() }),
  /** A header with the instance's id: one not seen before is a new instance. Sound only where nobody else sends meanwhile. */
  z.strictObject({ instanceHeader: z.string().min(1) }),
]);
export type ColdStartMarker = z.infer<typeof ColdStartMarker>;

export const ColdStart = z.strictObject({
  marker: ColdStartMarker,
  /** An instance that nobody asked for so long is gone, ms. */
  idleMs: z.int().min(0),
  /** Ids of endpoints that read: each is asked until it started often enough. One of each function is right. */
  routes: z.array(z.string()).min(1),
  /** Requests sent at once after each silence, for platforms that start an instance for each and keep them for minutes. Default 1. */
  atOnce: z.int().min(1).max(16).optional(),
  /** A path that opens the connection beforehand and starts none of the functions. Default: `health.path`. */
  connectPath: z.string().startsWith('/').optional(),
});
export type ColdStart = z.infer<typeof ColdStart>;

export const Surface = z.object({
  /** Roles that accounts may have, the anonymous visitor not among them. */
  roles: z.array(z.string()).min(1),
  auth: z.object({
    /** Takes `{email, password}`; absent: nobody logs in with a password (OAuth only), so there is no such thing to check. */
    login: z.string().optional(),
    /** Absent: the application does not end sessions by itself. */
    logout: z.string().optional(),
    me: z.string(),
    csrf: z.string().optional(),
    /** Name of the session cookie: `naap_auth_token`. */
    cookie: z.string(),
    /** Longest life of a session, seconds: 7 days (naap-surface.md). */
    sessionSeconds: z.int().positive(),
    /** Requests that the auth routes allow a client in a window: 10 (naap-surface.md). The window is a minute unless `quotaWindowSeconds` says otherwise. */
    quotaPerMinute: z.int().positive(),
    quotaWindowSeconds: z.int().positive().optional(),
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
  pages: z.array(Page),
  /** What people do in the browser; absent: nothing is known of it, and journeys, plugins and themes cannot be looked at. */
  web: WebSurface.optional(),
  /**
   * Objects that belong to one account and that another account of the same role must not see or change.
   * Each is created by `create` (an endpoint id), then asked for by `path` as the other account.
   */
  ownership: z.array(z.object({ id: z.string(), create: z.string(), method: Method, path: z.string(), idField: z.string(), refused: z.array(z.int()).min(1) })),
  /** How an answer shows that its function had to start first; absent: nothing can be said about cold starts. */
  coldStart: ColdStart.optional(),
  /** Origins besides the pages' own whose scripts may read the API's answers with credentials. */
  cors: z.object({ origins: z.array(z.url()) }).optional(),
  /** Every error code that the API documents, with the status that it comes with; one code may come with several. */
  errors: z.array(z.object({ code: z.string(), status: z.int().min(400).max(599) })).optional(),
  /** Where the OpenAPI document of the API is to be had, as JSON. */
  openapi: z.object({ path: z.string().startsWith('/') }).optional(),
  /** Largest body that the API takes, bytes; a larger one must be refused. */
  maxBodyBytes: z.int().positive().optional(),
});
export type Surface = z.infer<typeof Surface>;
