// What the findings of `naap-gate verify` mean and what follows from them. Read by the pages of explain.
import type { Finding, FindingCode } from '../../gates/paper/finding.ts';

export interface FindingMeaning {
  readonly level: Finding['level'];
  readonly means: string;
  readonly next: string;
}

export const LEVEL_WORDS: Readonly<Record<Finding['level'], string>> = {
  broken: 'Something was changed or forged: verification does not hold, now or as of the decision.',
  unmet: 'The papers are true and do not suffice, or no longer: verification does not hold at that moment.',
  note: 'To be known; it decides nothing.',
};

export const FINDING_MEANINGS: Readonly<Record<FindingCode, FindingMeaning>> = {
  BUNDLE_DAMAGED: {
    level: 'broken',
    means: 'The bundle is no archive that this version reads, or something is missing in it, doubled or cut off.',
    next: 'Have it sent again, or make it anew with `naap-gate bundle RUN -o FILE`.',
  },
  JOURNAL_DAMAGED: {
    level: 'broken',
    means: 'A line of run.ndjson was changed, removed, added, moved or cut off.',
    next: 'Restore the files from a backup or from the bundle that was sent, and verify again. What cannot be restored cannot be repaired: the gate is run and signed anew.',
  },
  NOT_SEALED: {
    level: 'broken',
    means: 'The journal does not end with run.finished: the run was interrupted, so there is nothing that could have been signed.',
    next: 'Finish the run with --resume, then sign it.',
  },
  ARTIFACT_DAMAGED: {
    level: 'broken',
    means: 'A file that the journal or the ledger names by its digest is missing or was changed.',
    next: 'Restore the files from a backup or from the bundle that was sent, and verify again. What cannot be restored cannot be repaired: the gate is run and signed anew.',
  },
  REPORT_CHANGED: {
    level: 'broken',
    means: 'report.json is not what the journal gives when it is judged again.',
    next: 'Restore the files from a backup or from the bundle that was sent, and verify again. What cannot be restored cannot be repaired: the gate is run and signed anew.',
  },
  REPORT_OF_OTHER_VERSION: {
    level: 'note',
    means: 'Another version of naap-gate made the run, and this one would judge by other checks or write the report otherwise. The recorded verdicts stand.',
    next: 'For the full comparison verify with the version that wrote it.',
  },
  POLICY_CHANGED: {
    level: 'broken',
    means: 'The digest of the policy (criteria, limits, revisions of checks) is not that of the plan in the run.',
    next: 'Restore the files from a backup or from the bundle that was sent, and verify again. What cannot be restored cannot be repaired: the gate is run and signed anew.',
  },
  LEDGER_DAMAGED: {
    level: 'broken',
    means: 'A line of ledger.ndjson was changed, removed, added or moved, or belongs to another run.',
    next: 'Restore the files from a backup or from the bundle that was sent, and verify again. What cannot be restored cannot be repaired: the gate is run and signed anew.',
  },
  APPROVERS_MISSING: {
    level: 'unmet',
    means: 'Nobody was given whose keys are to be trusted. Keys inside a bundle vouch for themselves only.',
    next: 'Give the public keys with --approvers FILE, or run where the configuration names them.',
  },
  OTHER_APPROVERS: {
    level: 'note',
    means: 'The approvers that are trusted here are not those that the bundle carries.',
    next: 'Compare the two lists: somebody may have joined or left since the meeting.',
  },
  UNKNOWN_APPROVER: {
    level: 'broken',
    means: 'A key signed that is not among those of the role.',
    next: 'Either the key is missing from the trusted approvers, or the signature is not worth anything. Ask whoever answers for the role.',
  },
  DOUBLED_APPROVER: { level: 'broken', means: "One person's key counts more than once.", next: 'Remove nothing by hand: have another person sign.' },
  SIGNATURE_INVALID: {
    level: 'broken',
    means: 'The signature does not fit what it stands under, by the key that it names.',
    next: 'Restore the files from a backup or from the bundle that was sent, and verify again. What cannot be restored cannot be repaired: the gate is run and signed anew.',
  },
  SIGNED_SOMETHING_ELSE: {
    level: 'broken',
    means: 'The signature is good, but for another run, report, role or text than the one that it stands under here.',
    next: 'Restore the files from a backup or from the bundle that was sent, and verify again. What cannot be restored cannot be repaired: the gate is run and signed anew.',
  },
  SIGNED_AT_WRONG_TIME: {
    level: 'broken',
    means: 'The time in the signature does not fit its place in the ledger.',
    next: 'Check the clock of the machine that signed; then sign anew.',
  },
  NOT_APPROVABLE: {
    level: 'unmet',
    means: 'The run may not be approved: it is partial, or its measured rows do not pass.',
    next: 'Run the whole gate until it passes, and have that run signed.',
  },
  KEY_EXPIRED: {
    level: 'unmet',
    means: 'The key no longer signs (`until`), so what it signed does not count now. As of the decision it did.',
    next: 'Sign anew with a key that is valid, or rely on --as-of decision for an audit.',
  },
  SIGN_OFF_EXPIRED: {
    level: 'unmet',
    means: 'The sign-off has run out, after as many days as the role allows.',
    next: 'Sign anew, or rely on --as-of decision for an audit.',
  },
  SIGN_OFF_STALE: {
    level: 'unmet',
    means: 'Evidence was added after the signature, so the signer has not seen it.',
    next: 'Have the same person look at the evidence and sign anew.',
  },
  THRESHOLD_NOT_MET: {
    level: 'unmet',
    means: 'Fewer people have signed than the role asks for.',
    next: 'Ask the others to sign: naap-gate signoff RUN --role ROLE.',
  },
  RUNNER_ALONE: {
    level: 'unmet',
    means: 'Whoever ran the gate is its only approver, and the configuration does not allow that (`notRunner`).',
    next: 'Have somebody else of the role sign, with a key whose names are configured.',
  },
  REJECTED: {
    level: 'unmet',
    means: 'A person of the role has rejected, with a reason.',
    next: 'Settle the reason; the rejection stands until the same person signs anew.',
  },
  EVIDENCE_FAILED: {
    level: 'unmet',
    means: 'A document was added and does not show what its row asks for.',
    next: 'Make it anew and add it; the newest one counts.',
  },
  EVIDENCE_AWAITED: { level: 'unmet', means: 'A row waits for a document.', next: 'Add it: naap-gate evidence add CRITERION FILE --run RUN.' },
  NO_DECISION: {
    level: 'note',
    means: 'No meeting has decided on the run yet.',
    next: 'naap-gate decide RUN --go, --no-go or --conditional records the outcome.',
  },
  DECIDED_NO_GO: { level: 'unmet', means: 'The meeting decided no-go.', next: 'What was decided stands until a new decision replaces it.' },
  CONDITION_DUE: {
    level: 'unmet',
    means: 'The decision was conditional, the day of a condition has passed, and nothing says that it was met.',
    next: 'Meet the condition, then record a new decision.',
  },
  DECISION_UNSIGNED: {
    level: 'note',
    means: 'The decision carries a name and no signature: whoever could write to the run could have written it.',
    next: 'Record it with --role and a key, so that it is signed.',
  },
  NOT_COVERED: {
    level: 'note',
    means: 'No signature covers the last lines of the ledger: they were added after everybody had signed or decided.',
    next: 'Look at these lines. What they say has nobody behind it until somebody signs or decides anew.',
  },
};
