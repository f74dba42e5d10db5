// `naap-gate report RUN`: the reports of a run again, with the papers as of now, at the decision or at the seal.
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode, GateError, type Reporter } from '../../gates/model.ts';
import type { RunFolder } from '../../gates/run-folder.ts';
import { allReporters } from '../../reporters/index.ts';
import { configuredApprovers, isFile, type PaperOptions, runNamed } from '../papers.ts';
import { type AsOf, rendered, renewReports, viewAsOf, writeReport } from '../reports.ts';
import { runsOption } from '../run-store/place.ts';
import type { Act, Host } from '../terminal.ts';

interface ReportOptions extends PaperOptions {
  readonly format?: string;
  readonly output?: string;
  readonly asOf: AsOf;
  readonly approvers?: string;
  readonly json: boolean;
}

export function registerReport(program: Command, host: Host, act: Act): void {
  program
    .command('report <run>')
    .description("render a run's reports again, with everything that people have added")
    .addOption(
      new Option('--format <format>', 'only this one (default: report.html and report.md, renewed in the run’s folder)').choices(
        allReporters.map(({ format }) => format),
      ),
    )
    .option('-o, --output <file>', 'where to write it; - is stdout (default: text to stdout, html into the run’s folder)')
    .addOption(new Option('--as-of <moment>', 'with the papers as of then').choices(['now', 'decision', 'seal']).default('now'))
    .option('--approvers <file>', "the approvers' public keys that you trust (default: those of the configuration)")
    .option('--json', 'the sealed report.json on stdout, and nothing else there (the papers: verify --json)', false)
    .option('--config <path>', 'configuration file, which names the approvers')
    .addOption(runsOption())
    .action((run: string, options: ReportOptions) => act(() => report(run, options, host)));
}

async function report(name: string, options: ReportOptions, host: Host): Promise<ExitCode> {
  const reporter = reporterOf(options);
  const folder = await folderOf(name, options, host);
  const approvers = await configuredApprovers(options, host, options.approvers);
  if (reporter === undefined && options.asOf === 'now') {
    host.stdout.write(`${renewReports(folder, approvers, new Date()).join('\n')}\n`);
    return EXIT.pass;
  }
  const chosen = reporter ?? only('html');
  const content = rendered(chosen, viewAsOf(folder, options.asOf, approvers, new Date()), folder);
  const path = pathOf(chosen, options, folder, host);
  if (path === undefined) host.stdout.write(typeof content === 'string' ? content : new TextDecoder().decode(content));
  else {
    writeReport(path, content);
    host.stdout.write(`${path}\n`);
  }
  return EXIT.pass;
}

/** Undefined: those for people. Throws USAGE. */
function reporterOf({ format, json, output }: ReportOptions): Reporter | undefined {
  if (json && ((format ?? 'json') !== 'json' || (output ?? '-') !== '-'))
    throw new GateError('USAGE', '--json is report.json on stdout; --format and -o do not go with it.', { remedy: 'Leave --json out, or the others.' });
  if (json) return only('json');
  if (format !== undefined) return only(format);
  if (output !== undefined)
    throw new GateError('USAGE', `-o ${output} needs --format: there are several reports.`, {
      remedy: `--format ${allReporters.map((one) => one.format).join('|')}`,
    });
  return undefined;
}

function only(format: string): Reporter {
  const found = allReporters.find((reporter) => reporter.format === format);
  if (found === undefined) throw new GateError('INTERNAL', `No reporter writes "${format}".`);
  return found;
}

/** Throws UNKNOWN_RUN; a bundle is verified, not rendered. */
async function folderOf(name: string, options: ReportOptions, host: Host): Promise<RunFolder> {
  if (isFile(resolve(host.cwd(), name)))
    throw new GateError('UNKNOWN_RUN', `${name} is a file, and reports are made of the folder of a run.`, {
      remedy: `Unpack the bundle and give its folder (mkdir run && tar xf ${name} -C run), or name a run.`,
    });
  return runNamed(name, options, host);
}

/**
 * Undefined: stdout. Never over report.json: signatures cover it as it is.
 * A page as of another moment does not take the place of the current one.
 */
function pathOf({ format, file }: Reporter, { output, asOf }: ReportOptions, folder: RunFolder, host: Host): string | undefined {
  if (output === '-') return undefined;
  const given = output === undefined ? undefined : resolve(host.cwd(), output);
  if (given !== undefined && ['report.json', 'run.ndjson', 'ledger.ndjson'].some((name) => given === resolve(folder.path, name)))
    throw new GateError('USAGE', `${given} is what was sealed, and is not written over.`, { remedy: 'Give another file with -o.' });
  if (given !== undefined) return given;
  if (format !== 'html') return undefined;
  return join(folder.path, asOf === 'now' ? file : file.replace('.html', `.as-of-${asOf}.html`));
}
