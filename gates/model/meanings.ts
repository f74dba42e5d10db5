// What the words of a report mean and what follows from them: the text of `naap-gate explain`, of docs/reference.md and of tooltips. One line a word.
import type { Reason } from './report.ts';
import type { State } from './verdicts.ts';

export interface ReasonMeaning {
  /** The state that it is the reason of. */
  readonly state: State;
  /** What is known, in a sentence or two. */
  readonly means: string;
  /** What to do next. */
  readonly next: string;
}

export const REASON_MEANINGS: Readonly<Record<Reason['code'], ReasonMeaning>> = {
  WITHIN_LIMIT: {
    state: 'pass',
    means: 'The figure keeps its limit, with enough samples behind it and an instrument that proved itself.',
    next: 'Nothing is to be done. The distance to the limit stands beside the figure: one that is used up nearly whole deserves a look before it breaks.',
  },
  LIMIT_EXCEEDED: {
    state: 'fail',
    means: 'The figure is beyond its limit, with enough samples and a healthy instrument: it is a finding, not an accident of the measurement.',
    next: 'Compare with earlier runs and with the figures by route or page. Mend what is slow or broken and run again. A limit that is wrong for this environment is changed in the configuration, with reason, owner and expiry; for a time that is agreed on, a waiver can be written.',
  },
  ALL_CASES_OK: {
    state: 'pass',
    means: 'Every case that was required ran and was as specified.',
    next: 'Nothing is to be done.',
  },
  CASES_FAILED: {
    state: 'fail',
    means: 'At least one case ran, twice where it may, and was not as specified.',
    next: 'Each failed case says what was expected and what came; begin with the first, since others often follow from it. The requests that were sent are in the artifact requests.ndjson.',
  },
  CASES_FLAKY: {
    state: 'warn',
    means: 'A case failed, and passed when it was tried once more.',
    next: 'Do not take the second try for the truth: users have one. Look what the first try met (it is in the detail): a cold start, a race, a replica that lags, a limit. A flaky case never counts as ok.',
  },
  CASES_NOT_RUN: {
    state: 'inconclusive',
    means: 'Cases that should have run did not, so the row cannot be decided.',
    next: 'The detail names what was missing: an account, a role, an effect that the environment does not allow, a case that another one needs. Supply it and run again: --only with the name of the check is enough to see.',
  },
  SET_EMPTY: {
    state: 'pass',
    means: 'What must not be there was looked for among things that are there, and none was found.',
    next: 'Nothing is to be done. The number of things that were examined stands beside it.',
  },
  ITEMS_FOUND: {
    state: 'fail',
    means: 'Things that must not be there were found; all are counted and the first fifty listed.',
    next: 'Work through the list: each item has a key by which it is known in the next run. What is there on purpose is taken out where the check or the configuration provides for it, with its reason.',
  },
  AS_BEFORE: {
    state: 'pass',
    means: 'Compared round by round with the reference, the difference stays within the tolerance.',
    next: 'Nothing is to be done. The interval tells how sure that is.',
  },
  WORSE_THAN_BEFORE: {
    state: 'fail',
    means: 'Compared round by round with the reference, it is worse by more than the tolerance, and chance is no good explanation.',
    next: 'The interval of the difference tells how large it is at least. Compare versions, plans of statements, and bundle contents of the two sides. Repeat with the machine idle if the instrument was near its limits.',
  },
  UNDECIDED: {
    state: 'inconclusive',
    means: 'The rounds that the budget allowed do not tell whether the difference is within the tolerance.',
    next: 'Run again with more time (profile full), on a quieter machine, or at a rate that the environment holds easily. More rounds narrow the interval; noise widens it.',
  },
  NO_BASELINE: {
    state: 'inconclusive',
    means: 'The row compares with a reference, and there is none.',
    next: 'Run with `--against legacy` where the legacy side is live, or capture and promote a baseline from it before the migration goes on.',
  },
  NO_DATA: {
    state: 'inconclusive',
    means: 'Nothing was recorded that the figure could be taken of. No data is never a pass.',
    next: 'See the log of the check and its requests in the artifacts: was anything sent, and was anything answered? Where no traffic comes by itself, send some.',
  },
  TOO_FEW_SAMPLES: {
    state: 'inconclusive',
    means: 'There is a figure, but too few samples stand behind it for what it claims.',
    next: 'Measure longer or send more (profile full). The least number stands beside it; it is chosen so that a single accident cannot decide.',
  },
  NOT_A_NUMBER: {
    state: 'inconclusive',
    means: 'The figure is infinite or no number, so nothing can be said about its limit.',
    next: "Mostly something was divided by nothing: no time, no requests. See the measurement in the report's artifacts; if it was not empty, report a defect.",
  },
  INSTRUMENT_SICK: {
    state: 'inconclusive',
    means:
      'The tool that measured was not fit to: it was late itself, lost its own connections, or could not see. A sick instrument neither passes nor fails anything.',
    next: 'The reason names figure and limit of the instrument. Run with less beside it, on a machine with more processors, or nearer to the target. The round was repeated once already.',
  },
  NOT_RUN: {
    state: 'inconclusive',
    means: 'The check should have run and did not finish, since the run was ended before.',
    next: 'Continue the run with --resume, or begin a new one.',
  },
  PRECONDITION_MISSING: {
    state: 'inconclusive',
    means: 'The check needs something that the environment has not: accounts, a database address, a legacy side, a sign of cold starts.',
    next: 'The reason names the line of the configuration. `naap-gate doctor --env NAME --gate GATE` lists everything that is missing at once.',
  },
  SUBJECT_CHANGED: {
    state: 'inconclusive',
    means: 'Commit, deployment or schema were others after the run than before it, or were not told any more: what was measured belongs to two versions.',
    next: 'Wait until the deployment has ended and nobody deploys, then run again. `--expect-commit` insists on one.',
  },
  NOT_IDENTIFIED: {
    state: 'inconclusive',
    means:
      'The configuration names an address and nothing by which the application is known, and what answers there does not answer as NaaP does. What only reads was measured; it decides nothing, since nobody knows what it was measured on.',
    next: 'Declare `identity: { path, expect: { status, body } }`, and the `surface` where it differs: `naap-gate init --discover URL` proposes both.',
  },
  NO_CHECK_YET: {
    state: 'error',
    means: 'The row is bound to a check that this version of naap-gate does not have. It is an error until then, never anything better.',
    next: 'Use a version that has the check; until then show by other means that the row holds, and say so in the decision of the meeting.',
  },
  CHECK_ERROR: {
    state: 'error',
    means:
      'The check ended with an error before it had measured: the target, an account, a database or the check itself was in its way. Nothing is known about the row.',
    next: 'The reason begins with an error code: `naap-gate explain CODE` tells what to do. An error cannot be waived.',
  },
  CHECK_TIMEOUT: {
    state: 'error',
    means: 'The check did not end within the time that it is given, and was stopped; what it had begun was cleaned up.',
    next: 'Look whether the target hangs (its log at that time) or is only slow. `--dry-run` shows the times that are planned.',
  },
  INTERRUPTED: {
    state: 'error',
    means: 'The run was ended from outside.',
    next: 'Continue it with --resume.',
  },
  AWAITS_EVIDENCE: {
    state: 'pending',
    means: 'The row is proved by a document, and none has been added.',
    next: 'Add it: naap-gate evidence add CRITERION FILE --run RUN.',
  },
  AWAITS_SIGNATURE: {
    state: 'pending',
    means: 'The row is proved by a person of a role, who has not signed.',
    next: 'That person signs: naap-gate signoff RUN --role ROLE.',
  },
  EVIDENCE_ACCEPTED: {
    state: 'pass',
    means: 'A document was added, and the rule of the row is content with it. It is kept with its digest.',
    next: 'Nothing is to be done. Evidence that is added after a signature makes that signature stale.',
  },
  EVIDENCE_FAILED: {
    state: 'fail',
    means: 'A document was added and does not show what the row asks for.',
    next: 'The reason says what was found. Mend what the document is about, make it anew and add it; the newest one counts.',
  },
  SIGNED: {
    state: 'pass',
    means: 'As many people as the role asks for have approved, and their signatures count now.',
    next: 'Nothing is to be done. `naap-gate verify RUN` checks the signatures again at any time.',
  },
  REJECTED: {
    state: 'fail',
    means: 'A person of the role has rejected, with a reason.',
    next: 'Settle the reason with that person. The rejection stands until the same person signs anew.',
  },
  NOT_IN_PROFILE: {
    state: 'deferred',
    means: 'The row is not part of this profile: minutes cannot prove it.',
    next: 'Run with --profile full for the gate meeting. A run with deferred rows cannot be signed.',
  },
  NOT_SELECTED: {
    state: 'deferred',
    means: '--only left the row out.',
    next: 'Leave --only out for a run that is to be signed.',
  },
  EFFECT_NOT_ALLOWED: {
    state: 'deferred',
    means: 'The check would do something that the environment does not allow (write, for example), so it was not run.',
    next: 'Allow it in `environments.NAME.allow` where it does no harm, or measure the row in another environment. Production allows `read` and `synthetic` only.',
  },
  NO_LOAD_CONSENT: {
    state: 'deferred',
    means: 'The check sends load and the environment has not consented, or the profile pr would load something that is not this machine. Nothing was sent.',
    next: 'Have whoever answers for the environment agree to a window, and write it down: `environments.NAME.load: { maxRps, maxConnections, approvedBy, window }` and `load` in `allow`.',
  },
  LOAD_CAP: {
    state: 'deferred',
    means: "The check would send more than the environment's consent allows. Nothing was sent.",
    next: 'Raise `load.maxRps` with the agreement of whoever consented, or measure where more is allowed.',
  },
  UNTRUSTED: {
    state: 'deferred',
    means: 'The run is for code that nobody has reviewed (--untrusted), so it knows no secrets and does no more than read.',
    next: 'Once the code has been reviewed, run without --untrusted.',
  },
  DECLARED_NOT_APPLICABLE: {
    state: 'not-applicable',
    means:
      'The configuration declares that the row does not apply here, with reason, owner and a last day. It is listed first in the report, and approvers sign that list.',
    next: 'Nothing is to be done. The declaration ends by itself; then the row is inconclusive until it is renewed.',
  },
  NOT_APPLICABLE_EXPIRED: {
    state: 'inconclusive',
    means: 'The row was declared not applicable, and the last day of that declaration has passed.',
    next: 'Renew the declaration in `environments.NAME.notApplicable` with a new last day, or take it out and let the row be measured.',
  },
  WAIVED: {
    state: 'waived',
    means: 'The row did not pass, and a waiver with owner, reason and last day covers what was measured.',
    next: "Mend the cause before the waiver ends. Errors cannot be waived, and a value beyond the waiver's cap is not covered.",
  },
  LIMIT_CHANGE_EXPIRED: {
    state: 'inconclusive',
    means: "The configuration put another limit in the plan's place for a time, and that time has passed.",
    next: "Renew the change in the configuration with reason, owner and a new last day, or take it out: then the plan's limit holds again.",
  },
};

/** A verdict decides a gate, the worst of them first (DESIGN §2); a state without one leaves it open. */
export const STATE_MEANINGS: Readonly<Record<State, { readonly isVerdict: boolean; readonly means: string }>> = {
  pass: {
    isVerdict: true,
    means: 'Positive evidence was found: enough samples, a healthy instrument, within the limit; or a document or signature that is asked for is there.',
  },
  waived: {
    isVerdict: true,
    means: 'The row did not pass, and a waiver with owner, reason, cap and last day covers it. Counts as exit code 0 and stays visible.',
  },
  warn: {
    isVerdict: true,
    means: 'Something is not as it should be and does not stop the gate: a case that passed only when tried again, or an optional row that did not pass.',
  },
  inconclusive: {
    isVerdict: true,
    means: 'It was asked and cannot be decided: too few samples, nothing to compare with, a sick instrument, a precondition that is missing. Never a pass.',
  },
  error: { isVerdict: true, means: 'It could not be asked: the check failed, timed out or is not built yet. It cannot be waived.' },
  fail: { isVerdict: true, means: 'It was asked, and the answer is no.' },
  pending: { isVerdict: false, means: 'Waits for a person or a document. With --require-signoff pending rows decide, by exit code 4.' },
  deferred: {
    isVerdict: false,
    means:
      'Left out of this run on purpose: by profile, by --only, by an effect or load that the environment does not allow, by --untrusted. The run is partial then: it can be neither signed nor promoted to a baseline.',
  },
  'not-applicable': { isVerdict: false, means: 'Declared in the configuration with reason, owner and last day; approvers sign the list.' },
};
