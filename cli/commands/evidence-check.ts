// `naap-gate evidence check CRITERION FILE`: what a machine thinks of a document, without a run; for a pipeline that makes the document.
import type { Command } from 'commander';
import { EXIT, type ExitCode, GateError, type Surface } from '../../gates/model.ts';
import { withDocumentedRoutes } from '../../gates/documented-routes.ts';
import { nearest } from '../../gates/nearest.ts';
import { awaitedBy, judgeEvidence, kindOfAwaited } from '../../gates/paper/evidence.ts';
import { naapSurface } from '../../suites/naap-surface.ts';
import { type Chosen, chooseAwaited, howToGet } from '../awaited.ts';
import { dayOf, gatesOf } from '../config/catalogue.ts';
import { readConfig } from '../config/read-config.ts';
import { surfaceOf } from '../config/resolve-environment.ts';
import type { Config } from '../config/schema.ts';
import { type EvidenceFile, isAddress, readEvidence, unusable } from '../evidence-file.ts';
import { DEMO } from '../open-environment.ts';
import { evidenceChecks } from '../papers.ts';
import type { Act, Host } from '../terminal.ts';

interface CheckOptions {
  readonly rule?: string;
  readonly env?: string;
  readonly config?: string;
  readonly json: boolean;
}
type State = 'ok' | 'failed' | 'unreadable' | 'for-people';
interface Answer {
  readonly state: State;
  readonly text: string;
}
const WORD: Readonly<Record<State, string>> = { ok: 'ACCEPTED', failed: 'FAIL', unreadable: 'UNREADABLE', 'for-people': 'PENDING' };

export function registerEvidenceCheck(evidence: Command, host: Host, act: Act): void {
  evidence
    .command('check <criterion> <file>')
    .description('what a machine thinks of a file, without a run; nothing is recorded')
    .option('--rule <number|kind>', 'which of the things that the row waits for, where they are several')
    .option('--env <name>', 'environment whose routes an OpenAPI document must describe (default: NaaP as it is)')
    .option('--config <path>', 'configuration file')
    .option('--json', 'the answer as one document', false)
    .action((criterion: string, file: string, options: CheckOptions) => act(() => checkEvidence(criterion, file, options, host)));
}

/** 0: a machine finds it right. 1: it does not, or can make nothing of it. 3: only a person can tell. */
async function checkEvidence(id: string, path: string, options: CheckOptions, host: Host): Promise<ExitCode> {
  const { config } = await readConfig(host.cwd(), options.config);
  const now = new Date();
  const surface = surfaceFor(options.env, config);
  const criteria = gatesOf(config, dayOf(now)).flatMap(({ gate }) => gate.criteria);
  const rows = criteria.map((criterion) => ({ id: criterion.id, awaited: awaitedBy(withDocumentedRoutes(criterion, surface)) }));
  const chosen = chooseAwaited(rows, id, options.rule, 'the gates');
  if (isAddress(path)) throw unusable('A machine looks at the file itself; an address is not asked.', 'Fetch it and give the file.');
  const file = readEvidence(path, config, host);
  const answer = answerOf(id, chosen, file, evidenceChecks(config.approvers, now));
  tell(id, chosen, file, answer, options.json, host);
  return { ok: EXIT.pass, failed: EXIT.fail, unreadable: EXIT.fail, 'for-people': EXIT.undecided }[answer.state];
}

function answerOf(id: string, { awaited, rule }: Chosen, { source, bytes }: EvidenceFile, checks: ReturnType<typeof evidenceChecks>): Answer {
  if (kindOfAwaited(awaited) === 'document')
    return { state: 'for-people', text: `${source.name}: no machine reads this; a person does, once it is added to a run.` };
  const { state, text, isUnreadable } = judgeEvidence(
    awaited,
    { type: 'evidence.added', criterion: id, rule, source, by: 'evidence check' },
    checks,
    () => bytes,
  );
  return { state: state === 'ok' ? 'ok' : isUnreadable === true ? 'unreadable' : 'failed', text };
}

function tell(criterion: string, { awaited, rule }: Chosen, { source }: EvidenceFile, { state, text }: Answer, isJson: boolean, host: Host): void {
  const remedy = state === 'failed' || state === 'unreadable' ? howToGet(awaited) : undefined;
  if (isJson) {
    const asked = awaited.kind === 'rule' ? awaited.rule : awaited;
    const { name, sha256, bytes } = source;
    host.stdout.write(`${JSON.stringify({ criterion, rule: { number: rule + 1, ...asked }, file: { name, sha256, bytes }, state, text, remedy }, null, 2)}\n`);
    return;
  }
  host.stdout.write(`${WORD[state]}  ${criterion}  ${text}\n${remedy === undefined ? '' : `${remedy}\n`}`);
}

/** Throws UNKNOWN_ENVIRONMENT, CONFIG_INVALID. */
function surfaceFor(name: string | undefined, { environments }: Config): Surface {
  const configured = name === undefined ? undefined : environments[name];
  if (configured !== undefined && name !== undefined) return surfaceOf(name, configured.surface);
  if (name === undefined || name === DEMO) return naapSurface();
  const known = [DEMO, ...Object.keys(environments)];
  const meant = nearest(name, known);
  throw new GateError('UNKNOWN_ENVIRONMENT', `No environment "${name}". Known: ${known.join(', ')}.`, {
    remedy: `${meant === undefined ? '' : `Did you mean "${meant}"? `}Environments are defined in naap-gate.config.ts.`,
  });
}
