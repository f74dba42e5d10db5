// Which run `--resume` means, and whether it may go on: not with another configuration, policy or selection. Called by the gate commands.
import { existsSync } from 'node:fs';
import { newestUnfinished } from '../gates/attempts.ts';
import { readChain } from '../gates/chain.ts';
import { GateError, type Plan } from '../gates/model.ts';
import { planOf, startOf } from '../gates/recorded.ts';
import { journalPath, ledgerPath, readJournal, type RunFolder } from '../gates/run-folder.ts';
import type { HeldRun, RunStore } from '../gates/run-store.ts';

interface Resuming {
  /** true: the newest unfinished run of this gate on this environment. */
  readonly resume?: string | true;
  readonly requireSignoff: boolean;
}

/** Refuses a sealed run, and one whose config, policy or profile was another. */
export async function resumable(
  store: RunStore,
  plan: Plan,
  digests: { config: string; policy: string },
  { resume, requireSignoff }: Resuming,
): Promise<HeldRun> {
  const id = typeof resume === 'string' ? resume : await newestUnfinished(store, plan.gate, plan.environment);
  if (id === undefined)
    throw new GateError('UNKNOWN_RUN', `There is no unfinished run of ${plan.gate} on ${plan.environment} in ${store.place}.`, {
      remedy: 'Leave --resume out to begin a new one.',
    });
  const held = await store.hold(id);
  try {
    requireResumable(held.folder, plan, digests, requireSignoff);
    return held;
  } catch (error) {
    await held.release();
    throw error;
  }
}

export function isSealed(folder: RunFolder): boolean {
  return existsSync(journalPath(folder)) && readJournal(folder).events.some(({ event }) => event.type === 'run.finished');
}

/** The ledger is opened last of all. */
function isDelivered(folder: RunFolder): boolean {
  return existsSync(ledgerPath(folder)) && readChain(ledgerPath(folder)).entries.length > 0;
}

/** A sealed run that was killed before its reports were written is resumable too: only they are made. */
function requireResumable(folder: RunFolder, plan: Plan, digests: { config: string; policy: string }, requireSignoff: boolean): void {
  const { id } = folder;
  const journal = readJournal(folder);
  const started = startOf(journal, folder);
  const refuse = (why: string): GateError =>
    new GateError('RESUME_REFUSED', `Run ${id} cannot be continued: ${why}.`, { remedy: 'Begin a new run by leaving --resume out.' });
  const sealed = isSealed(folder);
  if (isDelivered(folder)) throw sealed ? refuse('it is finished and sealed') : cutAfterItsSeal(folder);
  if (started.gate !== plan.gate || started.environment !== plan.environment) throw refuse(`it is a run of ${started.gate} on ${started.environment}`);
  if (sealed) return;
  if (started.requireSignoff !== requireSignoff) throw refuse(`it was begun with${started.requireSignoff ? '' : 'out'} --require-signoff`);
  if (started.profile !== plan.profile) throw refuse(`its profile is ${started.profile}, not ${plan.profile}`);
  if (started.digests.config !== digests.config) throw refuse('the configuration has changed since');
  if (started.digests.policy !== digests.policy)
    throw refuse('the policy has changed since (criteria, limits, waivers, report mode, selection or a check), or a part of it has ended');
  planOf(journal, folder);
}

/** What was signed stands on that seal: another end of the journal, and another report, would be another run. */
function cutAfterItsSeal(folder: RunFolder): GateError {
  return new GateError('JOURNAL_DAMAGED', `Run ${folder.id} was finished and sealed, and the end of its journal has been cut off since.`, {
    remedy: 'Restore run.ndjson from a bundle or a backup, or begin a new run by leaving --resume out. Nothing was changed.',
  });
}
