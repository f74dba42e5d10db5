// What set-up says when it cannot go on: like GateError, but for files that must run before any dependency is there.

export class SetupError extends Error {
  /**
   * @param {string} code Stable, upper case.
   * @param {string} message What happened, and where.
   * @param {string} remedy What to do about it.
   */
  constructor(code, message, remedy) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

/** @param {string} text One line for a person, on stderr: stdout belongs to the command that set-up is for. */
export function say(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

/**
 * Prints an error as code, message and remedy. Anything but a SetupError is a defect of ours and keeps its stack.
 * @param {unknown} error
 */
export function complain(error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.code}  ${error.message}\n${' '.repeat(error.code.length + 2)}${error.remedy}\n`);
}
