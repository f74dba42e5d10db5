// `naap-gate report RUN`: the reports of a run again, with the papers as of now, at the decision or at the seal.
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode, GateError, type Reporter, type RunView } from '../../gates/model.ts';
import type { RunFolder } from '../../gates/run-folder.ts';
import { allReporters } from '../../reporters/index.ts';
import { configuredApprovers, inRunOrBundle, isFile, type PaperOptions } from '../papers.ts';
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
    .command('report <run-or-bundle>')
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
  if (isFile(resolve(host.cwd(), name))) refuseWithoutPlace(name, reporter, options);
  const approvers = await configuredApprovers(options, host, options.approvers);
  return inRunOrBundle(name, options, host, async (folder) => {
    const now = new Date();
    const isDefault = reporter === undefined && options.asOf === 'now';
    const paths = isDefault
      ? renewReports(folder, approvers, now)
      : written(reporter ?? only('html'), folder, viewAsOf(folder, options.asOf, approvers, now), options, host);
    if (paths.length > 0) host.stdout.write(`${paths.join('\n')}\n`);
    return EXIT.pass;
  });
}

/** Where it was written; empty where it went to stdout. */
function written(reporter: Reporter, folder: RunFolder, view: RunView, options: ReportOptions, host: Host): string[] {
  const content = rendered(reporter, view, folder);
  const path = pathOf(reporter, options, folder, host);
  if (path === undefined) host.stdout.write(typeof content === 'string' ? content : new TextDecoder().decode(content));
  else writeReport(path, content);
  return path === undefined ? [] : [path];
}

/** A bundle has no folder to put a page into. Throws USAGE. */
function refuseWithoutPlace(name: string, reporter: Reporter | undefined, { output }: ReportOptions): void {
  if (reporter !== undefined && (output !== undefined || reporter.format !== 'html')) return;
  throw new GateError('USAGE', `${name} is a bundle, so it must be said what is to be written where.`, {
    remedy: `For example: naap-gate report ${name} --format html -o report.html`,
  });
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
