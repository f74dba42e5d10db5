// attestation.intoto.jsonl: the run as in-toto Statements, one a line — a test result for standard tools, and the full report beside it. To be signed by whoever attests it.
import { sha256 } from '../gates/digest.ts';
import { GateError, type ReadArtifact, type Reporter, type RunView } from '../gates/model.ts';
import { runStatements } from '../gates/paper/statement.ts';
import { json } from './json.ts';

/** Throws INTERNAL for a view that comes from no journal: it would attest nothing that can be found again. */
function render(view: RunView, read: ReadArtifact): string {
  const { report, chain } = view;
  if (chain === undefined) throw new GateError('INTERNAL', `Run ${report.run} was read from no journal, so there is nothing to attest.`);
  const { testResult, run } = runStatements(report, { report: sha256(json.render(view, read)), seal: chain.head, plan: chain.plan });
  return [testResult, run].map((statement) => `${JSON.stringify(statement)}\n`).join('');
}

export const intoto: Reporter = { format: 'intoto', file: 'attestation.intoto.jsonl', render };
