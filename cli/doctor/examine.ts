// Looks at all preconditions at once, within one bound: what throws or takes too long was not looked at, and says so. Called by the command.
import type { Finding, Look } from './finding.ts';
import { GROUPS, unseen } from './finding.ts';
import type { Patient, Precondition } from './precondition.ts';

/** Told whenever one is done, with the names of those that are still under way. */
export type OnLooked = (done: number, total: number, waitsFor: readonly string[]) => void;

/** In the order of the groups, and of the list within each. Never rejects. */
export async function examine(preconditions: readonly Precondition[], patient: Patient, onLooked: OnLooked): Promise<readonly Finding[]> {
  const waiting = new Set(preconditions.map(({ name }) => name));
  const looked = await Promise.all(
    preconditions.map(async (precondition) => {
      const looks = await lookWithin(precondition, patient);
      waiting.delete(precondition.name);
      onLooked(preconditions.length - waiting.size, preconditions.length, [...waiting]);
      return looks.map((look): Finding => ({ group: precondition.group, ...look, name: look.name ?? precondition.name }));
    }),
  );
  return looked.flat().toSorted((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
}

async function lookWithin(precondition: Precondition, patient: Patient): Promise<readonly Look[]> {
  const { signal } = patient;
  const { promise: over, reject } = Promise.withResolvers<never>();
  over.catch(() => undefined); // Nobody may be waiting any more when the bound is reached.
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([Promise.resolve().then(() => precondition.look(patient)), over]);
  } catch (error) {
    return [unseen(error instanceof Error ? error.message : String(error), 'to be looked at')];
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
