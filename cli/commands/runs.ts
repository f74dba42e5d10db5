// `naap-gate runs push RUN…`: brings runs of a folder into the database that a team shares.
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { findRun, readJournal, type RunFolder } from '../../gates/run-folder.ts';
import { withRunStore } from '../run-store/open-store.ts';
import { DEFAULT_RUNS, runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';

interface PushOptions {
  readonly runs?: string;
}

export function registerRuns(program: Command, host: Host, act: Act): void {
  program
    .command('runs')
    .description('runs that are kept in a database: list runs shows them')
    .command('push <run...>')
    .description('store what this machine has of a run and the database has not: a run of a folder, or one whose connection was lost')
    .addOption(runsOption())
    .action((runs: string[], options: PushOptions) => act(() => pushRuns(runs, options, host)));
}

async function pushRuns(names: readonly string[], { runs }: PushOptions, host: Host): Promise<ExitCode> {
  const folders = names.map((name) => folderOf(name, host));
  return withRunStore(runs, host, async (store) => {
    if (!('push' in store))
      throw new GateError('USAGE', `Runs are pushed to a database, but --runs names the folder ${store.place}.`, {
        remedy: 'For example: naap-gate runs push RUN --runs postgres://naap@db.example/gates',
      });
    for (const folder of folders) {
      await store.push(folder);
      host.stdout.write(`${folder.id} is in ${store.place}.\n`);
    }
    return EXIT.pass;
  });
}

/** By its id in the folder of this machine's runs, or by path. Throws UNKNOWN_RUN, JOURNAL_DAMAGED: what does not hold is not spread. */
function folderOf(name: string, host: Host): RunFolder {
  const path = resolve(host.cwd(), name);
  const folder = existsSync(join(path, 'run.ndjson')) ? { path, id: basename(path) } : findRun(resolve(host.cwd(), DEFAULT_RUNS), name);
  readJournal(folder);
  return folder;
}
