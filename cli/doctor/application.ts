// Preconditions of the application: addresses, identity, clock. Nothing is sent that a secret which is not set would have to go with.
import type { Environment, HttpClient, SideName } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';
import { createHttpClient } from '../../suites/instruments/http.ts';
import { probeEnvironment } from '../../suites/instruments/probe.ts';
import { askDates, lookAtClock } from './clock.ts';
import { lacking, type Look, missing, named, ok, unseen, warn } from './finding.ts';
import { absentBelow, type OpenedEnvironment, type Patient, plansFor } from './precondition.ts';
import { addressesOf, lookAtAddress } from './reach.ts';

/** The environment's client; closed when the work is done, however it ends. */
export async function withHttp<Result>(environment: Environment, signal: AbortSignal, work: (http: HttpClient) => Promise<Result>): Promise<Result> {
  const { access } = environment;
  const http = createHttpClient({ sides: environment, accessHeaders: access.headers, ca: access.ca, signal, onRequest: () => undefined });
  try {
    return await work(http);
  } finally {
    await http.close();
  }
}

export async function lookAtAddresses(patient: Patient, { environment }: OpenedEnvironment): Promise<readonly Look[]> {
  const needsLegacy = plansFor(patient, ({ needs }) => needs.includes('legacy'));
  const addresses = addressesOf(environment, needsLegacy);
  return Promise.all(addresses.map((address) => lookAtAddress(address, environment.access.ca, patient.now(), patient.signal)));
}

export async function lookAtIdentity({ signal }: Patient, opened: OpenedEnvironment): Promise<readonly Look[]> {
  const { environment } = opened;
  const { identity } = environment;
  const needed = `GET ${identity.path} answers ${identity.expect.status}${identity.expect.body === undefined ? '' : ' with the expected body'}`;
  const headers = absentBelow(opened, 'access');
  if (headers.length > 0) return [unseen(`every request needs access headers, and ${headers.join(', ')} is not set`, needed)];
  const nothing = { query: async () => [] };
  const { subject, problems } = await withHttp(environment, signal, (http) => probeEnvironment({ ...environment, databases: {} }, http, nothing));
  signal.throwIfAborted();
  const [problem] = problems;
  if (problem !== undefined) return [missing(`${problem.code}: ${problem.text}`, needed, problem.remedy ?? `naap-gate explain ${problem.code} tells more.`)];
  const told = subject.commit ?? subject.deploymentId;
  return [
    ok('the application answers as it should', needed),
    named(
      'Version',
      told === null
        ? warn(
            'the application tells neither commit nor deployment',
            'commit or deployment in the health answer',
            'Name the fields in `surface.health.commit` and `surface.health.deploymentId`: without them a deployment in the middle of a run is not noticed, and --expect-commit cannot hold.',
          )
        : ok(
            `commit ${subject.commit?.slice(0, 12) ?? 'not told'}, deployment ${subject.deploymentId ?? 'not told'}`,
            'commit or deployment in the health answer',
          ),
    ),
  ];
}

export async function lookAtClocks(patient: Patient, opened: OpenedEnvironment): Promise<readonly Look[]> {
  const { environment } = opened;
  const sides: readonly SideName[] = environment.legacy === undefined ? ['target'] : ['target', 'legacy'];
  return withHttp(environment, patient.signal, (http) =>
    Promise.all(sides.map(async (side) => named(`Clock of the ${side}`, await lookAtSide(http, patient, opened, side)))),
  );
}

async function lookAtSide(http: HttpClient, { signal }: Patient, opened: OpenedEnvironment, side: SideName): Promise<Look> {
  const headers = side === 'target' ? absentBelow(opened, 'access') : [];
  if (headers.length > 0) return unseen(`requests need ${headers.join(', ')}, which is not set`, 'a `Date` to compare with');
  try {
    return lookAtClock(await askDates(http, opened.environment, side, signal));
  } catch (error) {
    if (error instanceof GateError) return unseen(error.message, 'a `Date` to compare with');
    throw error;
  }
}

/** A legacy side that a planned comparison needs and that the environment has not. */
export function lookAtLegacy(patient: Patient, { environment }: OpenedEnvironment): readonly Look[] {
  if (environment.legacy !== undefined) return [];
  const isNeeded = typeof patient.planned !== 'string' && (patient.planned.plan?.executions.some(({ needs }) => needs.includes('legacy')) ?? false);
  if (!isNeeded) return [];
  return [lacking(true, 'the environment names none', 'a live legacy side to compare with', `Add environments.${environment.name}.legacy: { web, api }.`)];
}
