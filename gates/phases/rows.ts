// How the rows of a checklist are written down: three small makers that every phase uses.
import type { Binding, Criterion, EvidenceRule } from '../model/criterion.ts';

interface Row {
  /** Last part of the criterion's id. */
  readonly row: string;
  /** The plan's own words. */
  readonly text: string;
  readonly note?: string;
}

/** A section of a phase: `section('phase3', 'plan §3.6', 'Performance')` gives makers for its rows. */
export function section(gate: string, source: string, title: string): {
  measured(row: Row, ...bindings: readonly Binding[]): Criterion;
  evidence(row: Row, ...rules: readonly EvidenceRule[]): Criterion;
  attested(row: Row, role: string): Criterion;
} {
  const slug = title.toLowerCase().replaceAll(' ', '-');
  const criterion = ({ row, ...words }: Row, kind: Criterion['kind']): Criterion => ({
    id: `${gate}.${slug}.${row}`,
    section: title,
    source,
    required: true,
    profiles: ['pr', 'full'],
    ...words,
    kind,
  });
  return {
    measured: (row, ...bindings) => criterion(row, { measured: [...bindings] }),
    evidence: (row, ...rules) => criterion(row, { evidence: [...rules] }),
    attested: (row, role) => criterion(row, { attested: role }),
  };
}
