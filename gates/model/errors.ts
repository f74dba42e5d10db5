// Errors that a person meets: a stable code, what happened, what to do (STYLE, "Errors"). Thrown anywhere, printed by cli/.

/** Exit codes of every command (DESIGN §2). */
export const EXIT = {
  pass: 0,
  fail: 1,
  usage: 2,
  undecided: 3,
  pending: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Each code with the exit code that it leads to and what it means; `naap-gate list errors` prints this table. */
export const ERROR_CODES = {
  USAGE: { exit: EXIT.usage, title: 'The command line could not be understood.' },
  UNKNOWN_GATE: { exit: EXIT.usage, title: 'No gate has this name.' },
  UNKNOWN_ENVIRONMENT: { exit: EXIT.usage, title: 'No environment has this name.' },
  UNKNOWN_FAULT: { exit: EXIT.usage, title: 'The twin has no fault of this name.' },
  UNKNOWN_RUN: { exit: EXIT.usage, title: 'No run has this id.' },
  CONFIG_NOT_FOUND: { exit: EXIT.usage, title: 'There is no configuration file where one was named.' },
  CONFIG_INVALID: { exit: EXIT.usage, title: 'The configuration has mistakes; all of them are listed with their paths.' },
  SECRET_MISSING: { exit: EXIT.usage, title: 'A secret that the configuration names is not set.' },
  NOTHING_SELECTED: { exit: EXIT.usage, title: '--only matches no criterion of this gate.' },
  RESUME_REFUSED: { exit: EXIT.usage, title: 'The run cannot be continued: config, policy or subject changed, or it is sealed.' },
  RUN_LOCKED: { exit: EXIT.usage, title: 'Another process is writing this run.' },
  TARGET_UNREACHABLE: { exit: EXIT.undecided, title: 'The application could not be reached.' },
  TARGET_NOT_THE_APP: { exit: EXIT.undecided, title: 'Something answered, but it is not the application.' },
  TARGET_UNHEALTHY: { exit: EXIT.undecided, title: 'The application answered its identity check, but says that it is not well.' },
  WRONG_COMMIT: { exit: EXIT.undecided, title: 'The application was built from another commit than --expect-commit names, or does not tell its commit.' },
  DATABASE_UNREACHABLE: { exit: EXIT.undecided, title: 'A database could not be reached.' },
  LOGIN_FAILED: { exit: EXIT.undecided, title: 'An account of the environment could not log in.' },
  FOREIGN_ORIGIN: { exit: EXIT.undecided, title: 'A check asked for a host that is not part of the environment; the request was not sent.' },
  TOOL_MISSING: { exit: EXIT.undecided, title: 'A tool that this needs is not on the machine.' },
  TWIN_FAILED: { exit: EXIT.undecided, title: 'The twin (the demo application) did not start.' },
  RUN_NOT_SEALED: { exit: EXIT.usage, title: 'The run is not finished, so there is nothing to add to or to sign.' },
  UNKNOWN_CRITERION: { exit: EXIT.usage, title: 'The run has no criterion of this name, or none that this can be done to.' },
  UNKNOWN_ROLE: { exit: EXIT.usage, title: 'The run asks for no signature of this role, or the configuration names no approvers for it.' },
  APPROVERS_MISSING: { exit: EXIT.usage, title: 'Nobody is configured who may sign.' },
  KEY_UNUSABLE: { exit: EXIT.usage, title: 'A key cannot be read, is of a type that is not known, or did not sign.' },
  KEY_NOT_APPROVED: { exit: EXIT.usage, title: 'The key is not among those that may sign for this role.' },
  SIGN_OFF_REFUSED: { exit: EXIT.fail, title: 'This run may not be approved, or not with this key.' },
  DECISION_REFUSED: { exit: EXIT.fail, title: 'The decision contradicts what the run and its sign-offs say.' },
  EVIDENCE_UNUSABLE: { exit: EXIT.usage, title: 'The file or address cannot be taken as evidence.' },
  PAPERS_DAMAGED: { exit: EXIT.fail, title: 'The files of a run were changed or contradict each other; nothing is added to it.' },
  JOURNAL_DAMAGED: { exit: EXIT.fail, title: 'The hash chain of the journal does not hold.' },
  JOURNAL_UNREADABLE: { exit: EXIT.undecided, title: 'The journal holds an event that this version does not know.' },
  DISK: { exit: EXIT.undecided, title: 'A file could not be written.' },
  INTERNAL: { exit: EXIT.undecided, title: 'A defect of naap-gate itself.' },
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

/** An error with a code and a remedy. `remedy` says what to do next; secrets appear by name only. */
export class GateError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  constructor(code: ErrorCode, message: string, more: { remedy?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'GateError';
    this.code = code;
    this.remedy = more.remedy;
  }
  get exitCode(): ExitCode {
    return ERROR_CODES[this.code].exit;
  }
}
