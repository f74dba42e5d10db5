// One statement that may be refused without ending the transaction that everything is read in. Used where single tables or sequences may be out of reach.
import type { DatabaseSession } from '../../../gates/model.ts';

export type Attempt<Result> = { readonly result: Result } | { readonly refused: string };

/** What the server refuses (a privilege, a time limit) is told; a lost connection throws, and so does an abort. */
export async function attempt<Result>(session: DatabaseSession, work: () => Promise<Result>): Promise<Attempt<Result>> {
  await session.rows('SAVEPOINT attempt');
  try {
    const result = await work();
    await session.rows('RELEASE SAVEPOINT attempt');
    return { result };
  } catch (error) {
    await session.rows('ROLLBACK TO SAVEPOINT attempt');
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}
