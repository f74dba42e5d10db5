// `npm run bench -- <load|data> [--quick] [--json]`: our instruments beside their peers in one run. Rewrites its section of bench/RESULTS.md unless quick.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { findK6, placesOn } from '../suites/instruments/load/k6/find-k6.ts';
import { benchData } from './data/bench.ts';
import { describeData } from './data/describe.ts';
import { benchLoad, describeLoad } from './load/bench.ts';
import { withSection } from './results-file.ts';

interface Result {
  readonly document: object;
  readonly words: string;
  readonly isGood: boolean;
}

const BENCHES: Readonly<Record<string, (quick: boolean, say: (text: string) => void) => Promise<Result>>> = {
  async load(quick, say) {
    // Found, or built, before anything is measured.
    const k6 = await findK6(placesOn({ cacheDir: cacheFolder(), variables: process.env, signal: new AbortController().signal, say }));
    const document = await benchLoad(quick, k6, say);
    return { document, words: describeLoad(document), isGood: document.accurate };
  },
  async data(quick, say) {
    const document = await benchData(quick, cacheFolder(), say);
    return { document, words: describeData(document), isGood: document.withinGoals };
  },
};

const [name = '', ...flags] = process.argv.slice(2);
const unknown = flags.filter((flag) => !['--quick', '--json'].includes(flag));
const bench = BENCHES[name];

if (bench === undefined || unknown.length > 0) {
  process.stderr.write(
    `${unknown.length > 0 ? `Unknown: ${unknown.join(' ')}. ` : ''}Usage: npm run bench -- <${Object.keys(BENCHES).join('|')}> [--quick] [--json]\n`,
  );
  process.exit(2);
}

const quick = flags.includes('--quick');
const began = new Date();
const others = loadavg()[0] ?? NaN;
const { document, words, isGood } = await bench(quick, (text) => void process.stderr.write(`${text}\n`));
const conditions = `${began.toISOString()} to ${new Date().toISOString()} · ${machine()} · load average before it ${others.toFixed(1)}`;
const section = `## ${name}\n\n${conditions}\n\nWritten by \`npm run bench -- ${name}\`.\n\n${words}`;
if (!quick) {
  const path = new URL('./RESULTS.md', import.meta.url);
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), name, section));
}
process.stdout.write(flags.includes('--json') ? `${JSON.stringify(document)}\n` : section);
process.exit(isGood ? 0 : 1);

function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}`;
}
