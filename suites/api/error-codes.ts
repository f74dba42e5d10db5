// Holds the code of a refusal against the codes that the surface documents. Used by the checks api-errors and rate-limit.
import type { HttpResponse, Surface } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';

/** What is wrong with the code, or undefined. `errors` empty or absent: nothing is documented, so nothing can be held against it. */
export function findCodeFlaw({ errors = [] }: Surface, response: HttpResponse): string | undefined {
  const code = readField(response.json, 'error.code');
  if (typeof code !== 'string') return `${response.status} without a code`;
  const ofStatus = errors.filter(({ status }) => status === response.status).map((error) => error.code);
  if (ofStatus.includes(code)) return undefined;
  const elsewhere = errors.find((error) => error.code === code);
  if (elsewhere !== undefined) return `${code} comes with ${response.status}, documented with ${elsewhere.status}`;
  return `${response.status} ${code}: the code is not documented (known for ${response.status}: ${ofStatus.join(', ') || 'none'})`;
}
