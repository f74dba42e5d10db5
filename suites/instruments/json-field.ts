// Reads a dotted path out of a JSON answer: `user.id`. Used by accounts and by the API checks.

/** The value at `path` (keys joined by dots; digits index arrays), or undefined where there is none. */
export function readField(json: unknown, path: string): unknown {
  let value: unknown = json;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
