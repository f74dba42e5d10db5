// How the rows of a checklist are written down: small makers that every gate uses.
import type { Binding, Criterion, EvidenceRule } from '../model/criterion.ts';
import type { Profile } from '../model/verdicts.ts';

interface Row {
  /** Last part of the criterion's id. */
  readonly row: string;
  /** The plan's own words. */
  readonly text: string;
  readonly note?: string;
  /** Default both. `['full']`: a row that minutes cannot prove. */
  readonly profiles?: readonly Profile[];
}

interface SectionOptions {
  /** Middle part of the ids; default: the title up to its colon or parenthesis. */
  readonly slug?: string;
  /** Default true. */
  readonly required?: boolean;
}

interface Section {
  measured(row: Row, ...bindings: readonly Binding[]): Criterion;
  evidence(row: Row, ...rules: readonly EvidenceRule[]): Criterion;
  attested(row: Row, role: string): Criterion;
  /** One row a role, each in the role's own words. */
  signatures(...roles: readonly string[]): Criterion[];
}

/** A section of a gate: `section('phase3', 'plan §3.6', 'Performance')` gives makers for its rows. */
export function section(gate: string, source: string, title: string, { slug, required = true }: SectionOptions = {}): Section {
  const middle = slug ?? slugOf(title.replace(/[:(].*$/, ''));
  const criterion = ({ row, text, note, profiles = ['pr', 'full'] }: Row, kind: Criterion['kind']): Criterion => ({
    id: `${gate}.${middle}.${row}`,
    section: title,
    source,
    required,
    profiles: [...profiles],
    text,
    ...(note === undefined ? {} : { note }),
    kind,
  });
  const attested = (row: Row, role: string): Criterion => criterion(row, { attested: role });
  return {
    measured: (row, ...bindings) => criterion(row, { measured: [...bindings] }),
    evidence: (row, ...rules) => criterion(row, { evidence: [...rules] }),
    attested,
    signatures: (...roles) => roles.map((role) => attested({ row: slugOf(role), text: role }, role)),
  };
}

/** The deliverables of one part of a phase: criteria, not required unless the config says so. */
export function deliverables(gate: string, source: string, part: string): Section {
  return section(gate, source, `Deliverables: ${part}`, { required: false });
}

function slugOf(words: string): string {
  return words.trim().toLowerCase().replaceAll(' ', '-');
}
