// The error codes that NaaP's API documents, with their statuses; part of the default surface. Called for by naap-surface.ts.
import type { Surface } from '../gates/model.ts';

/** A client acts on the code, so one that is not here is a break of the contract, however well the answer reads. */
export const NAAP_ERRORS: NonNullable<Surface['errors']> = [
  { code: 'MALFORMED_JSON', status: 400 },
  { code: 'VALIDATION_ERROR', status: 400 },
  { code: 'UNAUTHORIZED', status: 401 },
  { code: 'INVALID_CREDENTIALS', status: 401 },
  { code: 'FORBIDDEN', status: 403 },
  { code: 'CSRF_TOKEN_INVALID', status: 403 },
  { code: 'NOT_FOUND', status: 404 },
  { code: 'METHOD_NOT_ALLOWED', status: 405 },
  { code: 'EMAIL_TAKEN', status: 409 },
  { code: 'NAME_TAKEN', status: 409 },
  { code: 'ALREADY_CONNECTED', status: 409 },
  { code: 'OWN_ACCOUNT', status: 409 },
  { code: 'PAYLOAD_TOO_LARGE', status: 413 },
  { code: 'UNSUPPORTED_MEDIA_TYPE', status: 415 },
  { code: 'ACCOUNT_LOCKED', status: 423 },
  { code: 'RATE_LIMITED', status: 429 },
  { code: 'INTERNAL_ERROR', status: 500 },
  { code: 'POOL_EXHAUSTED', status: 503 },
  { code: 'DATABASE_UNAVAILABLE', status: 503 },
];
