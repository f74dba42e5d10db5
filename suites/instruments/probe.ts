// Who is there, and is it the application? Asked before and after every run (DESIGN §4, "Subject"). Called by the workbench.
import { GateError } from '../../gates/model.ts';
import type { Environment, HttpClient, HttpResponse, Problem, SqlClient, Subject, Surface } from '../../gates/model.ts';
import { describeDatabase } from './database/connection.ts';

/** Of a site of which the configuration knows an address alone. */
const UNKNOWN_SITE =
  'What only reads is measured, and decides nothing. Declare identity and surface of the environment (naap-gate init --discover URL proposes them), or mend target.web.';

const UNKNOWN: Subject = { commit: null, deploymentId: null, schemaVersion: null };

/** Never throws for what it finds: everything wrong is a problem with code, place and remedy. */
export async function probeEnvironment(environment: Environment, http: HttpClient, sql: SqlClient): Promise<{ subject: Subject; problems: Problem[] }> {
  const [application, database] = await Promise.all([probeApplication(environment, http), probeDatabase(environment, sql)]);
  return { subject: application.subject, problems: [...application.problems, ...database] };
}

async function probeApplication({ identity, surface, target }: Environment, http: HttpClient): Promise<{ subject: Subject; problems: Problem[] }> {
  try {
    const response = await http.send({ path: identity.path });
    const subject = surface.health.path === identity.path ? readSubject(surface.health, response.json) : UNKNOWN;
    const flaw = findIdentityFlaw(identity, surface, response);
    return { subject, problems: flaw === undefined ? [] : [mismatch(identity, target.web, response, flaw)] };
  } catch (error) {
    return { subject: UNKNOWN, problems: [problemOf(error, 'all')] };
  }
}

/** How the answer differs from what identifies the application, or undefined. */
function findIdentityFlaw({ path, expect }: Environment['identity'], surface: Surface, { status, text, json }: HttpResponse): string | undefined {
  if (status !== expect.status) return `expected ${expect.status}`;
  if (json === undefined && (typeof expect.body === 'object' || isJsonHealth(path, surface)))
    return `but its body is no JSON${/^\s*</.test(text) ? ' (it looks like HTML)' : ''}`;
  if (typeof expect.body === 'string') return text.includes(expect.body) ? undefined : `but its body does not contain ${JSON.stringify(expect.body)}`;
  const wrong = Object.entries(expect.body ?? {}).filter(([pointer, value]) => readPointer(json, pointer) !== value);
  return wrong.length === 0 ? undefined : `but ${wrong.map(([pointer, value]) => `${pointer} is not ${JSON.stringify(value)}`).join(', ')}`;
}

/** A login wall answers 200 and HTML wherever it is asked: where the surface expects JSON of its health, that is not the application. */
function isJsonHealth(path: string, { health, endpoints }: Surface): boolean {
  const { path: healthPath, ...pointers } = health;
  const listed = endpoints.find((endpoint) => endpoint.method === 'GET' && endpoint.path === path);
  const isDescribed = listed !== undefined && (listed.expect.envelope !== false || Object.keys(listed.expect.fields ?? {}).length > 0);
  return path === healthPath && (isDescribed || Object.values(pointers).some((pointer) => pointer !== undefined));
}

function mismatch(identity: Environment['identity'], web: string, { status, headers, json }: HttpResponse, flaw: string): Problem {
  const asked = `GET ${identity.path} on ${web} answered ${status}`;
  const said = typeof json === 'object' && json !== null ? JSON.stringify(json).slice(0, 300) : undefined;
  if (status >= 500 && said !== undefined) {
    return {
      code: 'TARGET_UNHEALTHY',
      text: `${asked}: ${said}`,
      remedy: 'The application runs but is not well; mend what its health answer names.',
      scope: 'all',
    };
  }
  const towards = headers['location'] === undefined ? '' : ` (to ${headers['location'].split('?')[0] ?? ''})`;
  return {
    code: 'TARGET_NOT_THE_APP',
    text: `${asked}${towards}, ${flaw}. A login wall, a proxy or another site is not the application.`,
    remedy: identity.isAssumed === true ? UNKNOWN_SITE : 'Check target.web, identity and access.headers (a protection bypass, for example) of the environment.',
    scope: identity.isAssumed === true ? 'verdicts' : 'all',
  };
}

async function probeDatabase({ databases }: Environment, sql: SqlClient): Promise<Problem[]> {
  if (databases.target === undefined) return [];
  try {
    const rows = await sql.query('target', 'select 1 as one');
    return rows.length === 1
      ? []
      : [
          {
            code: 'DATABASE_UNREACHABLE',
            text: `${describeDatabase(databases.target)} answered "select 1" with ${rows.length} rows.`,
            scope: 'database:target',
          },
        ];
  } catch (error) {
    return [problemOf(error, 'database:target')];
  }
}

function problemOf(error: unknown, scope: Problem['scope']): Problem {
  if (error instanceof GateError) return { code: error.code, text: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }), scope };
  return { code: 'INTERNAL', text: error instanceof Error ? error.message : String(error), scope };
}

/** A pointer that leads nowhere is null: the application does not tell. */
function readSubject(pointers: Environment['surface']['health'], body: unknown): Subject {
  const text = (pointer: string | undefined): string | null => {
    const value = pointer === undefined ? undefined : readPointer(body, pointer);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  return { commit: text(pointers.commit), deploymentId: text(pointers.deploymentId), schemaVersion: text(pointers.schemaVersion) };
}

/** RFC 6901. */
function readPointer(body: unknown, pointer: string): unknown {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined), body);
}
