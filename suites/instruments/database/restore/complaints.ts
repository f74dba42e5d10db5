// What pg_restore complained about, object by object. Pure; used by restored-copy.ts.
import type { RestoreComplaint } from '../../../../gates/model.ts';

/** `pg_restore: from TOC entry 3456; 0 16401 TABLE DATA PostTag naap` */
const ENTRY = /^pg_restore: from TOC entry \d+; \d+ \d+ (.+)$/u;
const ERROR = /^pg_restore: (?:error|[\p{L}]+): (.+)$/u;
const COUNT = /errors ignored on restore|while (?:PROCESSING TOC|INITIALIZING|FINALIZING)/u;
/** Roles belong to the server, not to the dump. */
const ROLE = /role "(.+?)" does not exist/u;
const SHOWN = 300;

/** Every line of pg_restore's own begins with its name; what follows up to the next is of the server. */
export function complaintsOf(stderr: string): { readonly complaints: readonly RestoreComplaint[]; readonly missingRoles: readonly string[] } {
  const complaints: RestoreComplaint[] = [];
  const missingRoles = new Set<string>();
  let object = 'pg_restore';
  for (const said of stderr.split(/\n(?=pg_restore: )/u)) {
    const [line = '', ...more] = said.trim().split('\n');
    const entry = ENTRY.exec(line);
    if (entry !== null) object = entry[1] ?? object;
    else if (ERROR.test(line) && !COUNT.test(line)) {
      const text = [ERROR.exec(line)?.[1] ?? line, ...more.filter((one) => /^(DETAIL|HINT|CONTEXT)/u.test(one))].join(' ').slice(0, SHOWN);
      const role = ROLE.exec(text)?.[1];
      if (role === undefined) complaints.push({ object, text });
      else missingRoles.add(role);
    }
  }
  return { complaints, missingRoles: [...missingRoles].toSorted() };
}
