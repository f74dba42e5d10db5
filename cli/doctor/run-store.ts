// The precondition of a team's runs: the database that --runs names. Looked at by open-patient.ts where it names one; nothing is made there.
import { GateError } from '../../gates/model.ts';
import { openDatabase } from '../run-store/database.ts';
import { storeVersion } from '../run-store/migrations.ts';
import { type Look, missing, ok } from './finding.ts';
import type { Precondition } from './precondition.ts';

export function storeOfRuns(url: string): Precondition {
  return { group: 'This machine', name: 'Store of runs', look: async () => [await lookAtStore(url)] };
}

export async function lookAtStore(url: string): Promise<Look> {
  const needed = 'a PostgreSQL that can be reached, with tables that this version knows';
  const database = openDatabase(url);
  try {
    const version = await storeVersion(database);
    return ok(`${database.place}, ${version === 0 ? 'without tables: the first command makes them' : `tables of version ${version}`}`, needed);
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return missing(error.message, needed, error.remedy ?? 'See docs/run-store.md.');
  } finally {
    await database.close();
  }
}
