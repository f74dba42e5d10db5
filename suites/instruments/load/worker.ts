// Main file of a load worker: takes orders over IPC, one after another, and ends when its parent does.
import type { FromWorker, ToWorker } from './protocol.ts';
import { runShard } from './shard.ts';

function tell(message: FromWorker): void {
  process.send?.(message);
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToWorker) => {
  runShard(message.order, (done) => tell({ type: 'progress', done })).then(
    (result) => tell({ type: 'result', result }),
    (error: unknown) => tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
tell({ type: 'ready' });
