// `npm run bench -- <load> [--quick] [--json]`: our instruments beside their peers in one run. Rewrites bench/RESULTS.md unless quick.
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { cacheFolder } from '../scripts/cache-folder.mjs';
import { findK6, placesOn } from '../suites/instruments/load/k6/find-k6.ts';
import { benchLoad, describeLoad } from './load/bench.ts';

const [name, ...flags] = process.argv.slice(2);
const known = ['--quick', '--json'];
const unknown = flags.filter((flag) => !known.includes(flag));

if (name !== 'load' || unknown.length > 0) {
  process.stderr.write(`${unknown.length > 0 ? `Unknown: ${unknown.join(' ')}. ` : ''}Usage: npm run bench -- load [--quick] [--json]\n`);
  process.exit(2);
}

const quick = flags.includes('--quick');
const say = (text: string): void => void process.stderr.write(`${text}\n`);
// Found, or built, before anything is measured.
const k6 = await findK6(placesOn({ cacheDir: cacheFolder(), variables: process.env, signal: new AbortController().signal, say }));
const result = await benchLoad(quick, k6, say);
const words = `## load\n\n${describeLoad(result)}`;
if (!quick)
  writeFileSync(
    new URL('./RESULTS.md', import.meta.url),
    `# Results of the benches\n\n${new Date().toISOString()} · ${machine()}\n\nWritten by \`npm run bench -- load\`.\n\n${words}`,
  );
process.stdout.write(flags.includes('--json') ? `${JSON.stringify(result)}\n` : words);
process.exit(result.accurate ? 0 : 1);

function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}`;
}
