// `naap-gate verify RUN|BUNDLE`: does what was signed still stand — as of the decision, and now? Offline.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../../gates/model.ts';
import { configuredApprovers, isFile, isVerification, type PaperOptions, runNamed, verifyBundle, verifyFolder } from '../papers.ts';
import { runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';
import { damagedText, verificationText } from './verify-text.ts';

interface VerifyOptions extends PaperOptions {
  readonly asOf: 'decision' | 'now';
  readonly approvers?: string;
  readonly json: boolean;
}

export function registerVerify(program: Command, host: Host, act: Act): void {
  program
    .command('verify <run-or-bundle>')
    .description('check chains, digests, signatures, roles and expiry of a run or a bundle, offline')
    .addOption(new Option('--as-of <moment>', 'which of the two answers decides the exit code').choices(['decision', 'now']).default('now'))
    .option('--approvers <file>', "the approvers' public keys that you trust (default: those of the configuration; never those of the bundle)")
    .option('--config <path>', 'configuration file')
    .addOption(runsOption())
    .option('--json', 'the verification as one document', false)
    .action((name: string, options: VerifyOptions) => act(() => verify(name, options, host)));
}

/** 0: it holds as of the moment that was asked for. 1: it does not. */
async function verify(name: string, options: VerifyOptions, host: Host): Promise<ExitCode> {
  const approvers = await configuredApprovers(options, host, options.approvers);
  const path = resolve(host.cwd(), name);
  const now = new Date();
  const result = isFile(path) ? verifyBundle(readFileSync(path), path, approvers, now) : verifyFolder(await runNamed(name, options, host), approvers, now);
  if (options.json) host.stdout.write(`${JSON.stringify(isVerification(result) ? result : { place: path, files: result }, null, 2)}\n`);
  else host.stdout.write(isVerification(result) ? verificationText(result, options.asOf) : damagedText(path, result));
  if (!isVerification(result)) return EXIT.fail;
  const answer = options.asOf === 'decision' ? result.asOfDecision : result.now;
  return answer?.holds === true ? EXIT.pass : EXIT.fail;
}
