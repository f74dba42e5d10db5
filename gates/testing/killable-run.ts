// The main file of a process that runs the small gate, or goes on with it, and may kill itself at a line of the journal. Started by resume.live.test.ts.
import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sha256 } from '../digest.ts';
import { openLedger } from '../ledger.ts';
import { type Journal, journalPath, readJournal, type RunFolder, runFolder } from '../run-folder.ts';
import { createScrubber } from '../scrub.ts';
import { go } from '../test-run.ts';
import { render } from './render.ts';
import { smallRun } from './small-run.ts';

/** `before`: its artifact is stored and the line is not written; `torn`: half of it is; `after`: all of it. */
export type Moment = 'before' | 'torn' | 'after';

/** Counts the lines that this process appends, from 1, and dies at `line`. */
function deadly(journal: Journal, folder: RunFolder, line: number, moment: Moment): Journal {
  let appended = 0;
  const size = (): number => statSync(journalPath(folder)).size;
  return appending(journal, (event) => {
    appended += 1;
    if (appended === line && moment === 'before') die();
    const from = size();
    const entry = journal.append(event);
    if (appended === line) {
      if (moment === 'torn') truncateSync(journalPath(folder), from + Math.floor((size() - from) / 2));
      die();
    }
    return entry;
  });
}

function appending(journal: Journal, append: Journal['append']): Journal {
  return {
    ...journal,
    append,
    get head() {
      return journal.head;
    },
  };
}
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** As `deliver` of the command line does it: the report, then the ledger on it. */
function deliver(folder: RunFolder): void {
  const report = render(folder);
  writeFileSync(join(folder.path, 'report.json'), report);
  openLedger(folder, { seal: readJournal(folder).chain.head, report: sha256(report) }, { now: () => new Date(), scrubber: createScrubber() });
}

async function runIn(path: string, wrap: (journal: Journal, folder: RunFolder) => Journal): Promise<void> {
  const folder = runFolder(dirname(path), basename(path));
  mkdirSync(join(path, 'artifacts'), { recursive: true });
  await go(folder, { ...smallRun(join(path, `begun-${process.pid}`)), wrap: (journal) => wrap(journal, folder) });
  deliver(folder);
}

/** `kill LINE MOMENT PATH`, `run PATH`, or `resume PATH…`: each of them to its seal. */
const [command, ...rest] = process.argv.slice(2);
switch (command) {
  case 'kill': {
    const [line, moment, path = ''] = rest;
    await runIn(path, (journal, folder) => deadly(journal, folder, Number(line), moment as Moment));
    break;
  }
  case 'run':
    await runIn(rest[0] ?? '', (journal) =>
      appending(journal, (event) => {
        const entry = journal.append(event);
        process.stdout.write('.');
        return entry;
      }),
    );
    break;
  case 'resume':
    for (const path of rest) {
      const folder = runFolder(dirname(path), basename(path));
      if (readJournal(folder).events.at(-1)?.event.type === 'run.finished') deliver(folder);
      else await runIn(path, (journal) => journal);
    }
    break;
  default:
    throw new TypeError(`Unknown command ${command}.`);
}
