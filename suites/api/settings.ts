// Changes a setting that is there before, and puts it back: an endpoint whose `undo` is PATCH or PUT. Called by the check api-endpoints.
import type { Endpoint, Session } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import { findAnswerFlaw, nameAnswer } from './answers.ts';
import { ask, findEndpoint, makeBody, NotRun, openSession, requireWrite, sendPaced } from './asking.ts';
import type { Asking, Who } from './asking.ts';
import { runCase } from './cases.ts';
import type { EndpointCases } from './lifecycles.ts';

/** One setting of one account. */
interface Setting {
  readonly endpoint: Endpoint;
  readonly restoreBy: Endpoint;
  /** Key of the body, and dotted path in the answer of `readPath`. */
  readonly key: string;
  readonly readPath: string;
  readonly readField: string;
  readonly session: Session | undefined;
}

async function openSetting(asking: Asking, endpoint: Endpoint, who: Who): Promise<Setting> {
  requireWrite(asking);
  const { undo, readBack } = endpoint;
  if (undo === undefined || readBack === undefined) throw new NotRun('the surface names no `undo` and `readBack` to put it back by');
  return {
    endpoint,
    restoreBy: findEndpoint(asking.context.surface.endpoints, undo.method, undo.path) ?? endpoint,
    key: undo.idField.split('.').at(-1) ?? undo.idField,
    readPath: readBack.path,
    readField: readBack.idField,
    session: await openSession(asking, who),
  };
}

async function readValue(asking: Asking, setting: Setting): Promise<unknown> {
  const { json } = await sendPaced(asking, 'GET', setting.readPath, { session: setting.session });
  return readField(readField(json, 'data') ?? json, setting.readField);
}

async function restore(asking: Asking, setting: Setting, value: unknown): Promise<string | undefined> {
  const response = await ask(asking, setting.restoreBy, { session: setting.session, body: { [setting.key]: value } });
  return response.status < 300 ? undefined : `cannot be put back: ${setting.restoreBy.method} ${setting.restoreBy.path} answers ${nameAnswer(response)}`;
}

/** Changes, reads, restores, reads again. `answer`: flaw of the change's own answer; `trip`: flaw of what was shown before and after. */
async function changeAndRestore(asking: Asking, setting: Setting): Promise<{ readonly answer?: string; readonly trip?: string }> {
  const before = await readValue(asking, setting);
  if (before === undefined) throw new NotRun(`GET ${setting.readPath} does not show \`${setting.readField}\`, so it could not be put back`);
  let changed = true;
  asking.context.cleanup(`${setting.endpoint.id} of ${setting.session?.account ?? 'nobody'}`, async () => {
    const problem = changed ? await restore(asking, setting, before) : undefined;
    if (problem !== undefined) throw new Error(`left behind: ${problem}`);
  });
  const body = makeBody(asking, setting.endpoint) ?? {};
  const response = await ask(asking, setting.endpoint, { session: setting.session, body });
  const answer = findAnswerFlaw(setting.endpoint, response, new URL(asking.context.url('/')).origin);
  const shown = await readValue(asking, setting);
  const problem = await restore(asking, setting, before);
  changed = problem !== undefined;
  if (shown !== body[setting.key]) return { answer, trip: `written (${nameAnswer(response)}), but GET ${setting.readPath} does not show it` };
  if (problem !== undefined) return { answer, trip: problem };
  return { answer, trip: (await readValue(asking, setting)) === before ? undefined : `put back, but GET ${setting.readPath} does not show the former value` };
}

export async function runSetting(asking: Asking, endpoint: Endpoint, who: Who): Promise<EndpointCases> {
  const id = `${endpoint.id}/${who}`;
  const change = async (): Promise<{ answer?: string; trip?: string }> => changeAndRestore(asking, await openSetting(asking, endpoint, who));
  const answer = await runCase(id, async () => (await change()).answer);
  const trip = await runCase(id, async () => (await change()).trip);
  return { endpoints: [answer], validation: [], roundTrips: [trip] };
}
