// Errors that a person meets: a stable code, what happened, what to do (STYLE, "Errors"). Thrown anywhere, printed by cli/.
// One table, and long because every code brings its own page of `naap-gate explain`.

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

interface ErrorDeclaration {
  readonly exit: ExitCode;
  /** What happened, in a sentence. */
  readonly title: string;
  /** How it comes to that. */
  readonly cause: string;
  /** A message as it is met; `…` stands for what differs. */
  readonly example: string;
  /** What to do next, where the message itself does not know better. */
  readonly remedy: string;
}

/** Each code with the exit code that it leads to and what it means; `list errors`, `explain CODE` and docs/reference.md print this table. */
export const ERROR_CODES = {
  USAGE: {
    exit: EXIT.usage,
    title: 'The command line could not be understood.',
    cause: 'A command, option or value that there is not, a value that is missing, or two that exclude each other.',
    example: "error: unknown option '--enviroment'",
    remedy: 'The second line of the message says what is possible. `naap-gate COMMAND --help` lists the options with their values.',
  },
  UNKNOWN_GATE: {
    exit: EXIT.usage,
    title: 'No gate has this name.',
    cause:
      'The first word is neither a gate nor a command. Gates are phase0 to phase7, the stages of the cutover, `plan`, `success`, and those of the configuration.',
    example: 'No gate or command "phase33". Gates: plan, phase0, …',
    remedy: 'Take a name from `naap-gate list gates`.',
  },
  UNKNOWN_ENVIRONMENT: {
    exit: EXIT.usage,
    title: 'No environment has this name.',
    cause:
      '--env names an environment that the configuration does not define. Only `demo` needs no definition. Often the command runs in another folder than the configuration lies in.',
    example: 'No environment "stagng". Known: demo, staging, production.',
    remedy: '`naap-gate list environments` shows those that are defined. Run in the folder of naap-gate.config.ts, or name the file with --config.',
  },
  UNKNOWN_CHECK: {
    exit: EXIT.usage,
    title: 'No check and no suite has this name.',
    cause: 'The name is mistyped, names a criterion rather than a check, or belongs to a check that is not built yet.',
    example: 'No check or suite "api-lod". Checks: api-endpoints, api-auth, api-load. Suites: api, load.',
    remedy: '`naap-gate list checks` tells what each of them measures; `naap-gate explain CRITERION` names the checks behind a row.',
  },
  FILE_EXISTS: {
    exit: EXIT.usage,
    title: 'A file that would be written is there already, with something else in it; nothing was written.',
    cause: '`init` found another configuration or workflow, or `new check` found a check, fault or uncommitted edit where it would write.',
    example: 'naap-gate.config.ts is there already and differs: …',
    remedy: 'Read the difference. `init --force` overwrites; for `new check` take another name, or commit your edits first.',
  },
  DISCOVERY_UNREADABLE: {
    exit: EXIT.usage,
    title: 'What was to be discovered from is no address, no HAR and no OpenAPI document.',
    cause: 'The file does not exist, is neither JSON nor YAML, or holds something else.',
    example: 'traffic.har holds no HAR (`log.entries`) and no OpenAPI document (`openapi`, `paths`).',
    remedy: "Give the application's address, a HAR as browsers save it (developer tools, Network, save all as HAR), or its OpenAPI document.",
  },
  UNKNOWN_FAULT: {
    exit: EXIT.usage,
    title: 'The twin has no fault of this name.',
    cause: '--fault takes the ids of the defects that the demo can be given.',
    example: 'No fault "api.p99-slo". Known: api.p99-slow, …',
    remedy: '`naap-gate list faults` shows all; `naap-gate explain FAULT` tells what one does and which rows catch it.',
  },
  UNKNOWN_RUN: {
    exit: EXIT.usage,
    title: 'No run has this id.',
    cause:
      'The id is mistyped, or the run lies in another folder than the one that is looked into (.naap-gate/runs of the current folder, unless --runs says otherwise).',
    example: 'There is no run phase3-demo-20261123T101500-ab12 in /work/naap/.naap-gate/runs.',
    remedy: "Take the id from the end of the run's output or from the names in the folder of the runs, or name the folder with --runs DIR.",
  },
  CONFIG_NOT_FOUND: {
    exit: EXIT.usage,
    title: 'There is no configuration file where one was named.',
    cause: '--config (or --approvers) names a file that is not there. Without --config the current folder is looked into, and no file there is no error.',
    example: 'There is no /work/naap/naap-gate.confg.ts.',
    remedy: 'Correct the path, or leave the option out.',
  },
  CONFIG_INVALID: {
    exit: EXIT.usage,
    title: 'The configuration has mistakes; all of them are listed with their paths.',
    cause:
      'A field that is unknown, missing or of the wrong type; a value that contradicts another; a file that the configuration names and that cannot be read. Nothing was sent.',
    example: 'naap-gate.config.ts has 1 mistake:\n  - environments.staging.allow[2]: …',
    remedy: 'Mend every line of the list. docs/configuration.md describes the fields; `defineConfig` gives an editor their types.',
  },
  SECRET_MISSING: {
    exit: EXIT.usage,
    title: 'A secret that the configuration names is not set.',
    cause:
      "The configuration says `{ env: 'NAME' }` and the environment of the command has no such variable, or it is empty. In CI: the secret is not handed to the job, as for pull requests from forks.",
    example: 'A secret is not set:\n  - STAGING_DB_URL (environments.staging.databases.target.url)',
    remedy: 'Set the variables that the message names, and run again. For a pull request from a fork use --untrusted, which needs no secret and measures less.',
  },
  NOTHING_SELECTED: {
    exit: EXIT.usage,
    title: 'The selection leaves nothing to do.',
    cause: '--only matches no criterion and no check of this gate, or --against finds nothing that can be compared.',
    example: "--only 'api-lod' matches none of the 24 criteria of phase3.",
    remedy:
      '`naap-gate GATE --env NAME --dry-run` lists what can be selected: ids of criteria and of checks, with * for any characters. Quote it, so that the shell leaves * alone.',
  },
  RESUME_REFUSED: {
    exit: EXIT.usage,
    title: 'The run cannot be continued: config, policy or subject changed, or it is sealed.',
    cause: 'What was measured before and what would be measured now would not be about the same thing, or the run is finished.',
    example: 'Run phase3-staging-… cannot be continued: the configuration has changed since.',
    remedy: 'Begin a new run by leaving --resume out. The old one stays as it is and is listed among the attempts.',
  },
  RUN_LOCKED: {
    exit: EXIT.usage,
    title: 'Another process is writing this run.',
    cause: 'A run has one writer. The message names the process that holds the lock; one that died is recognised and its lock is taken over.',
    example: 'Run phase3-demo-… is being written by process 4711.',
    remedy: 'Wait until that process ends. If it hangs, stop it; what it measured is kept.',
  },
  TARGET_UNREACHABLE: {
    exit: EXIT.undecided,
    title: 'The application could not be reached.',
    cause:
      'Nothing listens at the address, its name cannot be resolved, TLS could not be agreed on, or no answer came in time. Nothing is known about the application, so nothing passes and nothing fails.',
    example: 'GET https://staging.naap.dev/api/health refused the connection (nothing listens there) (ECONNREFUSED).',
    remedy: 'The message tells which of these it was. `naap-gate doctor --env NAME` asks each address by itself. Check address, VPN, firewall and certificate.',
  },
  TARGET_NOT_THE_APP: {
    exit: EXIT.undecided,
    title: 'Something answered, but it is not the application.',
    cause:
      "The identity request was answered with another status, another body, or HTML where JSON was expected: a login wall, a deployment protection, a proxy's error page or another site. Measuring it would prove nothing.",
    example: 'GET /api/health on https://preview.naap.dev answered 302 (to https://vercel.com/sso-api), expected 200.',
    remedy:
      'Check `target.web` and `identity` of the environment. Behind a deployment protection give `access.headers` (for Vercel: x-vercel-protection-bypass).',
  },
  TARGET_UNHEALTHY: {
    exit: EXIT.undecided,
    title: 'The application is there, but says or shows that it is not well.',
    cause: 'Its identity request was answered with 5xx and JSON, or the legacy side fails so many requests that it is no reference.',
    example: 'GET /api/health on https://staging.naap.dev answered 503: {"database":{"connected":false}}',
    remedy: 'Mend what its answer names (a database that is down, for example), then run again.',
  },
  WRONG_COMMIT: {
    exit: EXIT.undecided,
    title: 'The application was built from another commit than --expect-commit names, or does not tell its commit.',
    cause: 'The deployment is older or newer than the commit that is to be judged, or nothing in the health answer names it.',
    example: 'The application was built from commit 3f9c2ab, expected deadbeef.',
    remedy:
      'Wait for the deployment, or judge the one that is there by leaving --expect-commit out. Where the health answer tells the commit in another field, name it in `surface.health.commit`.',
  },
  DATABASE_UNREACHABLE: {
    exit: EXIT.undecided,
    title: 'A database could not be reached.',
    cause: 'Nothing listens, the password or user is refused, the database has another name, or no connection is left.',
    example: 'Database "target" (db.staging.naap.dev:5432/naap) refused the password (28P01).',
    remedy:
      'The message tells which. Check the secret that holds the URL, the tunnel or VPN, and pg_hba.conf. A role that may only read is enough. `naap-gate doctor --env NAME` looks at reachability and privileges.',
  },
  LOGIN_FAILED: {
    exit: EXIT.undecided,
    title: 'An account of the environment could not log in.',
    cause:
      'The account does not exist, its password is wrong, it is locked (five failures lock it for 30 minutes), the rate limit refused the login, or the session that was made elsewhere has ended.',
    example: 'Account "member" could not log in: 401 INVALID_CREDENTIALS.',
    remedy:
      'Log in by hand with the account that the message names. After too many logins wait a minute; where something else logs in from the same address, lower `surface.auth.quotaPerMinute`.',
  },
  FOREIGN_ORIGIN: {
    exit: EXIT.undecided,
    title: 'A check asked for a host that is not part of the environment; the request was not sent.',
    cause: 'A path of the surface leads to another host, or the legacy side is asked and the environment has none.',
    example: 'https://cdn.example.com is not part of the target side; nothing was sent.',
    remedy: 'If the host belongs to the application, name it as `target.web` or `target.api` (or under `legacy`). Otherwise correct the path in the surface.',
  },
  TOOL_MISSING: {
    exit: EXIT.undecided,
    title: 'A tool that this needs is not on the machine.',
    cause: 'A program is not installed, or not of the version that is needed, and could not be fetched or built.',
    example: 'There is no k6: there is no k6 on PATH; there is no Go to build it with; …',
    remedy: 'Install what the message names. `naap-gate doctor` looks for all tools at once.',
  },
  TWIN_FAILED: {
    exit: EXIT.undecided,
    title: 'The twin (the demo application) did not start.',
    cause: 'Its PostgreSQL could not be started (no space, no shared memory, files of another owner in the cache), or one of its processes ended.',
    example: 'PostgreSQL did not start within 30 s: …',
    remedy:
      'The message ends with what the process said. `naap-gate doctor` checks cache and disk. Removing the folder `twin` below the cache folder makes the twin anew.',
  },
  RUN_NOT_SEALED: {
    exit: EXIT.usage,
    title: 'The run is not finished, so there is nothing to add to or to sign.',
    cause: 'The run was interrupted or is still going on. Evidence and signatures are about a finished report.',
    example: 'Run phase3-staging-… is not finished.',
    remedy: 'Finish it: the same command with --resume RUN.',
  },
  UNKNOWN_CRITERION: {
    exit: EXIT.usage,
    title: 'No criterion has this name here, or none that this can be done to.',
    cause:
      "The id is mistyped, belongs to another gate than the run's, or the row is not of a kind that takes what was given (a document for a row that is measured, for example).",
    example: 'No row "phase3.documentation.error-code" of run phase3-staging-…',
    remedy: 'Take the id from the report or from `naap-gate list criteria`. `naap-gate explain CRITERION` tells what the row waits for.',
  },
  UNKNOWN_ROLE: {
    exit: EXIT.usage,
    title: 'The run asks for no signature of this role, or the configuration names no approvers for it.',
    cause: 'The role is not written as the gate writes it ("Security Lead"), or `approvers` of the configuration lacks it.',
    example: 'The gate phase3 asks for no signature of the "Security lead".',
    remedy: '`naap-gate explain GATE` lists the roles of a gate. Add the role with its keys to `approvers` in the configuration.',
  },
  APPROVERS_MISSING: {
    exit: EXIT.usage,
    title: 'Nobody is configured who may sign.',
    cause: 'There is no configuration file, or it has no `approvers`.',
    example: 'The configuration names no approvers.',
    remedy:
      "Add `approvers: { 'Security Lead': { keys: [{ ssh: 'ssh-ed25519 …' }] } }` to the configuration (docs/sign-off.md). To verify elsewhere, give the public keys with --approvers FILE.",
  },
  KEY_UNUSABLE: {
    exit: EXIT.usage,
    title: 'A key cannot be read, is of a type that is not known, or did not sign.',
    cause:
      'The file is not there or no key, the passphrase is wrong, the agent does not hold the key, or the type is not one that signs here (Ed25519, SSH keys of ssh-keygen).',
    example: 'ssh-keygen did not sign with /home/ann/.ssh/id_ed25519: incorrect passphrase supplied.',
    remedy: 'Name the key with --key PATH: an SSH private key, the .pub of a key that the agent holds (`ssh-add -l`), or a PEM file with an Ed25519 key.',
  },
  KEY_NOT_APPROVED: {
    exit: EXIT.usage,
    title: 'The key is not among those that may sign for this role.',
    cause: 'The key is good, but the configuration does not list it for the role, or not for today (`from`, `until`).',
    example: 'The key SHA256:… may not sign as "Security Lead".',
    remedy: 'Sign with the key that is listed, or have the key added to `approvers` by whoever answers for the configuration.',
  },
  SIGN_OFF_REFUSED: {
    exit: EXIT.fail,
    title: 'This run may not be approved, or not with this key.',
    cause: 'The run is partial (rows were left out) or did not pass, so a signature under it would say more than was proved.',
    example: 'The run may not be approved: 3 of its rows were left out.',
    remedy:
      'Run the whole gate until its measured rows pass, with waivers where they are granted, and sign that run. A rejection (--reject --reason) can be signed for a complete run at any time.',
  },
  DECISION_REFUSED: {
    exit: EXIT.fail,
    title: 'The decision contradicts what the run and its sign-offs say.',
    cause: '"go" for a run that is partial or does not pass, or whose signatures are missing, rejected, expired or stale.',
    example: 'The run does not allow "go": 2 rows wait for signatures.',
    remedy: '`naap-gate verify RUN` lists what is missing. Decide --no-go, or --conditional with what remains, an owner and a day.',
  },
  EVIDENCE_UNUSABLE: {
    exit: EXIT.usage,
    title: 'The file or address cannot be taken as evidence.',
    cause: 'The file is missing or empty, its digest is another than --sha256 says, the address carries a password, or the text holds the value of a secret.',
    example: 'empty.md is empty: it proves nothing.',
    remedy: 'Give the document itself. Take secrets out of it before it is stored: what was added is kept with the run for good.',
  },
  WAIVER_REFUSED: {
    exit: EXIT.usage,
    title: 'The waiver cannot be granted as it stands.',
    cause:
      'The criterion or the environment has another name, the day has passed, the row waits for people (a waiver is for what is measured), there is one already, or its cap has nothing to hold.',
    example: 'phase3.performance.p99-latency is not waived: until: 2025-01-31 has passed; today is 2026-11-23 (UTC).',
    remedy:
      'Mend what the message lists; nothing was written. `naap-gate list waivers` shows those that are there, `--replace` puts one in the place of another.',
  },
  PAPERS_DAMAGED: {
    exit: EXIT.fail,
    title: 'The files of a run were changed or contradict each other; nothing is added to it.',
    cause: 'The journal, the ledger, an artifact or report.json is not as it was sealed.',
    example: 'The report of run phase3-staging-… was changed after the seal.',
    remedy: 'Restore the files of the run from a backup or a bundle. What was changed cannot be repaired: run the gate anew.',
  },
  JOURNAL_DAMAGED: {
    exit: EXIT.fail,
    title: 'The hash chain of the journal does not hold.',
    cause:
      'A line was changed, removed, added or moved after it was written. A line that was only cut off at the end is no damage: --resume goes on from there.',
    example: 'Line 17 of run.ndjson does not follow from line 16.',
    remedy: 'Restore the file from a backup or bundle, or run the gate anew. Do not edit it: the chain is there to notice that.',
  },
  JOURNAL_UNREADABLE: {
    exit: EXIT.undecided,
    title: 'The journal holds an event that this version does not know.',
    cause: 'The run was written by a newer naap-gate, or the file is no journal.',
    example: 'Line 4 of run.ndjson: the event "run.paused" is not known.',
    remedy: 'Use the version that wrote it (run.started, machine.tool), or a newer one. Nothing was changed.',
  },
  DISK: {
    exit: EXIT.undecided,
    title: 'A file could not be written.',
    cause: 'The disk is full, the folder is read-only or belongs to somebody else.',
    example: '/work/naap/.naap-gate/runs/… could not be written: ENOSPC.',
    remedy: 'Make space, or choose another folder with --runs DIR. What was written before is kept; --resume goes on.',
  },
  RUN_CONFLICT: {
    exit: EXIT.usage,
    title: 'Somebody else added to this run meanwhile; what this command had to add was not stored.',
    cause: 'Two machines added to one run, and the other was first. Lines are never put between others, or in the place of others.',
    example: 'The ledger of run phase3-staging-… has other lines in the store than here.',
    remedy: 'Run the command again: it begins with what is stored. What stands only here is kept beside it.',
  },
  RUN_STORE_UNREACHABLE: {
    exit: EXIT.undecided,
    title: 'The database that --runs names could not be reached.',
    cause: 'Nothing listens there, it refused the password, or the connection was cut. A run that had begun goes on in its folder.',
    example: 'The store naap@db.example:5432/gates refused the connection (nothing listens there) (ECONNREFUSED).',
    remedy: 'Check address, network and PGPASSWORD. What was measured is kept: naap-gate runs push RUN stores it.',
  },
  RUN_STORE_UNUSABLE: {
    exit: EXIT.undecided,
    title: 'The database that --runs names cannot keep runs as it is.',
    cause: 'Its tables are of a newer version, the user lacks rights, or it is not encoded as UTF-8.',
    example: 'The store naap@db.example:5432/gates has tables of version 3; this naap-gate knows up to 1.',
    remedy: 'docs/run-store.md says what the store needs. Nothing was changed.',
  },
  INTERNAL: {
    exit: EXIT.undecided,
    title: 'A defect of naap-gate itself.',
    cause: 'An assumption of the program did not hold. It says nothing about the application.',
    example: 'TypeError: …\n    at …',
    remedy: 'Please report it with the lines that were printed. What was measured before is in the journal.',
  },
} as const satisfies Readonly<Record<string, ErrorDeclaration>>;
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
