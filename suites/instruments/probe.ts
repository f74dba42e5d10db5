// Who is there, and is it the application? Asked before and after every run (DESIGN §4, "Subject"). Called by the workbench.
import { GateError } from '../../gates/model.ts';
import type { Environment, HttpClient, HttpResponse, Problem, SqlClient, Subject } from '../../gates/model.ts';
import { describeDatabase } from './sql.ts';

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
    return { subject, problems: response.status === identity.expect.status ? [] : [mismatch(identity, target.web, response)] };
  } catch (error) {
    return { subject: UNKNOWN, problems: [problemOf(error, 'all')] };
  }
}

function mismatch(identity: Environment['identity'], web: string, { status, headers, json }: HttpResponse): Problem {
  const asked = `GET ${identity.path} on ${web} answered ${status}`;
  const said = typeof json === 'object' && json !== null ? JSON.stringify(json).slice(0, 300) : undefined;
  if (status >= 500 && said !== undefined) {
    return { code: 'TARGET_UNHEALTHY', text: `${asked}: ${said}`, remedy: 'The application runs but is not well; mend what its health answer names.', scope: 'all' };
  }
  const towards = headers['location'] === undefined ? '' : ` (to ${headers['location'].split('?')[0] ?? ''})`;
  return {
    code: 'TARGET_NOT_THE_APP',
    text: `${asked}${towards}, expected ${identity.expect.status}. A login wall, a proxy or another site is not the application.`,
    remedy: 'Check target.web, identity.path and access.headers (a protection bypass, for example) of the environment.',
    scope: 'all',
  };
}

async function probeDatabase({ databases }: Environment, sql: SqlClient): Promise<Problem[]> {
  if (databases.target === undefined) return [];
  try {
    const rows = await sql.query('target', 'select 1 as one');
    return rows.length === 1 ? [] : [{ code: 'DATABASE_UNREACHABLE', text: `${describeDatabase(databases.target)} answered "select 1" with ${rows.length} rows.`, scope: 'database:target' }];
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
  const names = pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined), body);
}
