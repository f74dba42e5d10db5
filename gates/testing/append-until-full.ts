// The main file of a process that appends to a chain until the disk takes no more, and prints what it was told. Started by chain.test.ts under a file size limit.
import { openChain } from '../chain.ts';
import { GateError } from '../model.ts';

const [path = ''] = process.argv.slice(2);
const chain = openChain(path, { now: () => new Date(), toText: (text) => text });
const told: string[] = [];
while (told.length < 2) {
  try {
    chain.append({ type: 'note', text: 'x'.repeat(700) });
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    told.push(error.code);
  }
}
chain.close();
process.stdout.write(told.join(' '));
