// The word of the row comparison on its own health: what it could not look at makes it unfit to say "nothing found". Used by the checks of rows.
import type { Instrument } from '../../gates/model.ts';
import type { Unseen } from './workers.ts';

const NAMED = 3;

/** `found`: what was found counts, whatever else was not seen; without it only a look at everything proves that there is nothing. */
export function comparisonInstrument(name: string, unseen: readonly Unseen[], found: boolean, facts: NonNullable<Instrument['facts']>): Instrument {
  const all = { ...facts, ...(unseen.length === 0 ? {} : { tablesNotSeen: unseen.length }) };
  if (unseen.length === 0 || found) return { name, version: '1', healthy: true, facts: all };
  const named = unseen.slice(0, NAMED).map(({ table, why }) => `${table} (${why})`);
  const more = unseen.length > NAMED ? `, and ${unseen.length - NAMED} more` : '';
  return {
    name,
    version: '1',
    healthy: false,
    why: `${unseen.length} ${unseen.length === 1 ? 'table was' : 'tables were'} not seen to the end: ${named.join(', ')}${more}`,
    facts: all,
  };
}
