// Judges the log of a restore by pg_restore or psql: into a database, with rows, without an error, and to its end. Called through documentChecks.
//
// pg_restore says nothing when it has finished, so a log that was cut off looks like one that ended well. What shows the end is the exit status,
// written after it: `{ pg_restore -v -d DB FILE; echo "exit status $?"; } > restore.log 2>&1`. What shows that rows went into a database
// is that it connected (into a file with -f it does not) and that it processed the data of a table; of psql, that COPY answered with rows.
// Seen in pg_restore and psql 15; the words are in pg_backup_db.c, pg_backup_archiver.c and parallel.c since PostgreSQL 12.
import type { DocumentChecks } from '../../gates/model.ts';
import { linesOf, readText } from './document-text.ts';
import { counted, listed } from './words.ts';

const CONNECTED = /pg_restore: connecting to database for restore/;
const TABLE_DATA = /pg_restore: processing data for table "(.+)"/;
/** The client's own mark, so that what a server says in another language is seen too. */
const CLIENT_ERROR = /pg_restore: (?:error|fatal|\[archiver[^\]]*\])|psql: error|psql:.*:\d+: (?!NOTICE:|WARNING:|INFO:|LOG:|DEBUG:|HINT:|DETAIL:)\p{Lu}+:/u;
const SERVER_ERROR = /(?:^|[\s:])(?:ERROR|FATAL|PANIC):/;
const IGNORED = /errors ignored on restore: (\d+)/;
/** `COPY 12`, which psql prints for each table. */
const COPIED = /(?:^|\s)COPY (\d+)$/;
/** As a shell, GNU time, systemd and CI services write it. */
const STATUS = /\bexit(?:ed)?(?:\s+with)?(?:\s+(?:non-zero\s+)?(?:status|code))?\s*[:=]?\s*(\d{1,3})\b/i;
const SAID_BY_CLIENT = /pg_restore: |psql:|(?:^|\s)(?:COPY|INSERT 0) \d+$|(?:^|\s)(?:CREATE|ALTER) [A-Z]+$/;
/** Colours of a terminal. */
const ESCAPE = /\u001b\[[0-9;]*[A-Za-z]/g;

export const judgeRestoreLog: DocumentChecks['restore-log'] = (bytes) => {
  const lines = linesOf(readText(bytes).replace(ESCAPE, '')).map((line) => line.trimEnd());
  const ignored = lines.findLast((line) => IGNORED.test(line));
  const errors = lines.filter((line) => SERVER_ERROR.test(line) || CLIENT_ERROR.test(line));
  if (errors.length > 0 || (ignored !== undefined && Number(IGNORED.exec(ignored)?.[1]) > 0))
    return {
      ok: false,
      text: `It did not end well: ${counted(errors.length, 'error')}${ignored === undefined ? '' : ` ("${ignored.trim()}")`}: ${listed(errors, 2)}.`,
    };
  const restored = restoredBy(lines);
  if ('lacks' in restored) return { ok: false, text: restored.lacks };
  const end = lines.findLastIndex((line) => SAID_BY_CLIENT.test(line));
  const statuses = lines.flatMap((line) => STATUS.exec(line)?.[1] ?? []).map(Number);
  const bad = statuses.find((status) => status !== 0);
  if (bad !== undefined) return { ok: false, text: `It names the exit status ${bad}.` };
  if (!lines.slice(end + 1).some((line) => STATUS.test(line)))
    return { ok: false, text: 'It does not say how it ended: no "exit status 0" stands after the last line of the restore, so it may have been cut off.' };
  return { ok: true, text: `${restored.words}, no error, exit status 0.` };
};

/** What went into the database, or what is lacking to say so. */
function restoredBy(lines: readonly string[]): { readonly words: string } | { readonly lacks: string } {
  const tables = new Set(lines.flatMap((line) => TABLE_DATA.exec(line)?.[1] ?? []));
  if (lines.some((line) => CONNECTED.test(line)) && tables.size > 0) return { words: `pg_restore restored the data of ${counted(tables.size, 'table')}` };
  if (tables.size > 0) return { lacks: 'pg_restore never connected to a database: it wrote a script (-f), which restores nothing.' };
  if (lines.some((line) => CONNECTED.test(line))) return { lacks: 'pg_restore restored no data: only the schema, or it was cut off before the first table.' };
  const copied = lines.flatMap((line) => COPIED.exec(line)?.[1] ?? []).map(Number);
  const rows = copied.reduce((sum, count) => sum + count, 0);
  if (rows > 0) return { words: `psql copied ${counted(rows, 'row')} into ${counted(copied.filter((count) => count > 0).length, 'table')}` };
  if (copied.length > 0) return { lacks: `psql copied no row into any of ${counted(copied.length, 'table')}.` };
  return { lacks: 'It shows no restore: neither the lines of pg_restore -v nor those of psql, in English (LC_ALL=C).' };
}
