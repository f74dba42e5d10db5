// How an error is printed: code, what happened, remedy; never a stack trace for what a person can mend (STYLE, "Errors").
import { EXIT, type ExitCode, GateError } from '../gates/model.ts';
import type { Output } from './terminal.ts';

const INDENT = '  ';

/** Prints and answers the exit code. Anything but a GateError is a defect of ours and says so. */
export function printError(error: unknown, stderr: Output): ExitCode {
  if (error instanceof GateError) {
    stderr.write(errorText(error.code, error.message, error.remedy));
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(errorText('INTERNAL', text, 'This is a defect of naap-gate; please report it with the lines above.'));
  return EXIT.undecided;
}

export function errorText(code: string, message: string, remedy: string | undefined): string {
  const pad = ' '.repeat(code.length + INDENT.length);
  const lines = [...message.split('\n'), ...(remedy === undefined ? [] : remedy.split('\n'))];
  return `${code}${INDENT}${lines.join(`\n${pad}`)}\n`;
}
