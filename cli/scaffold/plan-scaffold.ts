// Everything that `new check` would write, worked out before anything is written. Throws where a name is taken or an edit would meet uncommitted work.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GateError } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { checksToCome, gates } from '../../gates/phases/index.ts';
import { checks, suites } from '../../suites/index.ts';
import { naapSurface } from '../../suites/naap-surface.ts';
import { type CheckName, nameCheck } from './check-name.ts';
import { withBinding, withCheck, withElement, withImport, withName } from './edits.ts';
import { bindingText, checkText, faultOf, faultText, type NewFault, testText } from './templates.ts';

export interface ScaffoldRequest {
  /** Root of the checkout. */
  readonly root: string;
  readonly id: string;
  readonly suite: string;
  /** Criterion that the check becomes a binding of. */
  readonly row: string;
  /** A public GET of the twin. */
  readonly path: string;
}
export interface Scaffold {
  readonly name: CheckName;
  readonly fault: NewFault;
  readonly files: readonly ScaffoldFile[];
}
export interface ScaffoldFile {
  /** Relative to the root. */
  readonly path: string;
  readonly content: string;
  readonly isNew: boolean;
  readonly what: string;
}

/** Throws USAGE, UNKNOWN_CRITERION, FILE_EXISTS; writes nothing. */
export async function planScaffold({ root, id, suite, row, path }: ScaffoldRequest): Promise<Scaffold> {
  requireCheckout(root);
  const name = nameCheck(id, suite);
  requireSuite(suite);
  requireFree(name);
  const route = await routeAt(path);
  const { gate, last } = rowAt(row);
  const fault = faultOf(name, route, row);
  await requireNewDefect(fault);
  const faultFile = existsSync(join(root, `fixtures/faults/${suite}.ts`)) ? `fixtures/faults/${suite}.ts` : 'fixtures/faults/api.ts';
  const edit = (file: string, what: string, change: (text: string) => string | undefined): ScaffoldFile => edited(root, file, what, change);
  const files = [
    { path: `suites/${suite}/${id}.check.ts`, content: checkText(name, path), isNew: true, what: `measures GET ${path}` },
    { path: `suites/${suite}/${id}.check.test.ts`, content: testText(name, path), isNew: true, what: 'its test' },
    edit('suites/index.ts', 'one line in the register', (text) => {
      const imported = withImport(text, `import { ${name.variable} } from './${suite}/${id}.check.ts';`);
      return imported === undefined ? undefined : withCheck(imported, suite, name.variable);
    }),
    edit(`gates/phases/${gate}.ts`, `a binding of ${row}`, (text) => {
      const bound = withBinding(text, last, bindingText(name));
      return bound === undefined ? undefined : withName(bound, 'limit', './measures.ts');
    }),
    edit(faultFile, `the fault ${fault.id}`, (text) => withElement(text, faultText(fault))),
  ];
  requireUntouched(root, files);
  return { name, fault, files };
}

function requireCheckout(root: string): void {
  if (existsSync(join(root, 'suites/index.ts')) && existsSync(join(root, 'fixtures/faults/registry.ts'))) return;
  throw new GateError('USAGE', 'A new check needs a checkout of naap-gate: the installed package has no sources to add it to.', {
    remedy: 'Clone the repository, and run there: npm run -s gate -- new check ID',
  });
}

function requireSuite(suite: string): void {
  const known = Object.keys(suites);
  if (known.includes(suite)) return;
  const meant = nearest(suite, known);
  throw new GateError('USAGE', `There is no suite "${suite}". Known: ${known.join(', ')}.`, {
    remedy: meant === undefined ? 'A new suite is a folder in suites/ and a line in suites/index.ts; CONTRIBUTING.md tells.' : `Did you mean "${meant}"?`,
  });
}

function requireFree({ id, fault, variable }: CheckName): void {
  const another = { remedy: 'Take another name.' };
  if (checks.some((check) => check.id === id)) throw new GateError('FILE_EXISTS', `There is a check "${id}" already.`, another);
  if (checksToCome.includes(id))
    throw new GateError(
      'FILE_EXISTS',
      `"${id}" is promised to rows of the plan with metrics of its own (gates/phases/checks-to-come.ts); this scaffold has others.`,
      {
        remedy: 'Begin under another name, or write this one by hand: CONTRIBUTING.md, "Add a check in ten minutes".',
      },
    );
  if (id in suites) throw new GateError('FILE_EXISTS', `"${id}" is a suite; "naap-gate check ${id}" could not tell them apart.`, another);
  const twin = checks.find((check) => check.id.replaceAll('-', '') === variable.toLowerCase());
  if (twin !== undefined) throw new GateError('FILE_EXISTS', `"${id}" differs from the check "${twin.id}" by hyphens alone.`, another);
  if (!fault.includes('.')) throw new GateError('INTERNAL', `The fault "${fault}" has no suite.`);
}

/** Key of the twin's route, `GET /api/health`. Any that the surface promises a 200 of, to everybody, at a path known beforehand. */
async function routeAt(path: string): Promise<string> {
  const { ROUTES } = await import('../../fixtures/twin/routes/index.ts');
  const promised = naapSurface().endpoints.filter(({ method, access, expect }) => method === 'GET' && access === 'public' && expect.status.includes(200));
  const open = promised.map((endpoint) => endpoint.path).filter((one) => ROUTES.some((route) => route.method === 'GET' && route.path === one));
  if (open.includes(path)) return `GET ${path}`;
  const meant = nearest(path, open);
  throw new GateError('USAGE', `The twin has no public GET ${path}. It has: ${open.join(', ')}.`, {
    remedy: meant === undefined ? 'Choose one with --path; what the check asks later is yours to change.' : `Did you mean --path ${meant}?`,
  });
}

/** File of the gate, and the last part of the criterion's id. */
function rowAt(row: string): { readonly gate: string; readonly last: string } {
  const measured = gates.flatMap(({ criteria }) => criteria.filter(({ kind }) => 'measured' in kind).map(({ id }) => id));
  const [gate = '', ...rest] = row.split('.');
  if (measured.includes(row)) return { gate, last: rest.at(-1) ?? '' };
  const meant = nearest(row, measured);
  throw new GateError('UNKNOWN_CRITERION', `No measured criterion is called "${row}", so nothing can be bound to it.`, {
    remedy: `${meant === undefined ? '' : `Did you mean "${meant}"? `}naap-gate list criteria shows all.`,
  });
}

/** Two faults that do the same would prove nothing twice. */
async function requireNewDefect(fault: NewFault): Promise<void> {
  const { FAULTS } = await import('../../fixtures/faults/registry.ts');
  const same = FAULTS.find(({ id, switches }) => id === fault.id || JSON.stringify(switches) === JSON.stringify(fault.switches));
  if (same === undefined) return;
  throw new GateError('FILE_EXISTS', `The fault "${same.id}" ${same.id === fault.id ? 'is there already' : 'delays this path already'}.`, {
    remedy: 'Take another name or another --path.',
  });
}

function edited(root: string, path: string, what: string, change: (text: string) => string | undefined): ScaffoldFile {
  const file = join(root, path);
  const content = existsSync(file) ? change(readFileSync(file, 'utf8')) : undefined;
  if (content !== undefined) return { path, content, isNew: false, what };
  throw new GateError('USAGE', `${path} is not as this command expects, so ${what} cannot be added to it.`, {
    remedy: 'Give another --row (one of a phase is right), or do it by hand: CONTRIBUTING.md, "Add a check in ten minutes".',
  });
}

/** New files must not be there, and what is edited must not hold work that is not committed. */
function requireUntouched(root: string, files: readonly ScaffoldFile[]): void {
  const there = files.filter(({ path, isNew }) => isNew && existsSync(join(root, path))).map(({ path }) => path);
  const dirty = uncommitted(
    root,
    files.filter(({ isNew }) => !isNew).map(({ path }) => path),
  );
  if (there.length + dirty.length === 0) return;
  const list = [...there.map((path) => `  - ${path} is there already`), ...dirty.map((path) => `  - ${path} has changes that are not committed`)];
  throw new GateError('FILE_EXISTS', `Nothing was written:\n${list.join('\n')}`, {
    remedy: 'Commit or remove them first, so that you can see what this command did.',
  });
}

/** None where the folder is no git checkout: then nobody can tell. */
function uncommitted(root: string, paths: readonly string[]): string[] {
  try {
    const told = execFileSync('git', ['status', '--porcelain', '--', ...paths], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return told.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
  } catch {
    return [];
  }
}
