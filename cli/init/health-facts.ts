// What a health answer tells of the build that answers: where its commit stands, as JSON pointers. Pure; used by discover-url.

type Fact = 'commit' | 'deploymentId' | 'schemaVersion';

const SIGNS: Readonly<Record<Fact, { readonly key: RegExp; readonly value: RegExp }>> = {
  commit: { key: /^(git_?)?(commit|sha|revision)(_?(sha|hash|id))?$/i, value: /^[0-9a-f]{7,64}$/i },
  deploymentId: { key: /^deployment_?(id)?$/i, value: /^[\w-]{6,80}$/ },
  schemaVersion: { key: /^(schema|migration)_?(version)?$/i, value: /^[\w.-]{1,80}$/ },
};
const DEEPEST = 4;

/** RFC 6901. Only what is there; the first of each, nearest to the top. */
export function healthPointers(json: unknown): Partial<Record<Fact, string>> {
  const fields = fieldsOf(json, '', 0).toSorted((a, b) => a.pointer.split('/').length - b.pointer.split('/').length);
  const found = Object.entries(SIGNS).flatMap(([fact, { key, value }]) => {
    const field = fields.find((one) => key.test(one.key) && value.test(one.value));
    return field === undefined ? [] : [[fact, field.pointer]];
  });
  return Object.fromEntries(found) as Partial<Record<Fact, string>>;
}

function fieldsOf(node: unknown, pointer: string, depth: number): { key: string; value: string; pointer: string }[] {
  if (typeof node !== 'object' || node === null || Array.isArray(node) || depth > DEEPEST) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const here = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return typeof value === 'string' ? [{ key, value, pointer: here }] : fieldsOf(value, here, depth + 1);
  });
}
