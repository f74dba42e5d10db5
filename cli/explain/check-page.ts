// The pages on what measures: a check, a check that is not built yet, a suite, a metric. Called by look-up.
import { type Check, REASON_MEANINGS } from '../../gates/model.ts';
import { CHECKS_TO_COME, type CheckToCome } from '../../gates/phases/checks-to-come.ts';
import { counted, duration } from '../../reporters/quantity.ts';
import { naapSurface } from '../../suites/naap-surface.ts';
import { presetPairs } from './criterion-page.ts';
import { bindingWords } from './expectation-words.ts';
import { criteriaBoundTo, type Known, metricWords } from './known.ts';
import { commands, items, type Page, pairs, section, text } from './page.ts';
import { EFFECT_WORDS, LOCK_WORDS, NEED_WORDS, SHAPE_WORDS } from './vocabulary.ts';

type Declared = { readonly title?: string; readonly unit: string; readonly shape: keyof typeof SHAPE_WORDS; readonly better?: 'lower' | 'higher' };

export function checkPage(check: Check, known: Known): Page {
  const { id, title, about } = check;
  const rows = criteriaBoundTo(known, id).map((criterion) => criterion.id);
  const faults = known.faults.filter(({ must }) => must.some((row) => rows.includes(row)));
  return {
    kind: 'check',
    id,
    title,
    sections: [
      ...section('What it proves', text(about.proves)),
      ...section('How it measures', text(about.how)),
      ...section('What it measures', pairs(...Object.entries(check.metrics).map(([metric, declared]) => [metric, metricLine(declared)] as const))),
      ...section(
        'What `naap-gate check` holds it to',
        items(...check.defaultExpect.map((expect) => bindingWords({ expect }, metricWords(known, id, expect.metric)))),
      ),
      ...section('Where the numbers come from', text(about.source)),
      ...section('What a pass leaves open', text(about.leavesOpen)),
      ...section('When it fails', text(about.whenItFails)),
      ...section('What it does and needs', pairs(...needs(check))),
      ...section('What it costs, on the surface of NaaP', pairs(...costs(check))),
      ...section('With which settings', pairs(...presetPairs(check))),
      ...section('Criteria that it decides', ...(rows.length === 0 ? [text('None: it is run by hand alone.')] : [items(...rows)])),
      ...section('Defects of the twin that its rows were seen to catch', pairs(...faults.map((fault) => [fault.id, `${fault.title}.`] as const))),
      ...section('To run it alone', commands(`naap-gate check ${id} --env NAME`)),
    ],
  };
}

export function metricLine({ title, unit, shape, better }: Declared): string {
  const words = [UNIT_WORDS[unit] ?? `in ${unit}`, `recorded as ${SHAPE_WORDS[shape]}`, ...(better === undefined ? [] : [`${better} is better`])].join(', ');
  return title === undefined ? `${words.charAt(0).toUpperCase()}${words.slice(1)}.` : `${title}: ${words}.`;
}

const UNIT_WORDS: Readonly<Record<string, string>> = { '1': 'a plain number', count: 'a number', ratio: 'a share', score: 'a score' };

function needs({ effects, needs: wanted, wants = [], locks, after, revision }: Check): readonly (readonly [string, string])[] {
  return [
    ...effects.map((effect) => [effect, EFFECT_WORDS[effect]] as const),
    ['needs', wanted.map((need) => NEED_WORDS[need]).join('; ') || 'nothing beside the application'],
    ['uses if there', wants.map((need) => NEED_WORDS[need]).join('; ') || 'nothing else'],
    ['has alone', locks.map((lock) => LOCK_WORDS[lock]).join('; ') || 'nothing'],
    ['comes after', after.join(', ') || 'nothing'],
    ['revision', `${revision}: it is raised when figures before and after can no longer be compared`],
  ];
}

function costs(check: Check): readonly (readonly [string, string])[] {
  const surface = naapSurface();
  return (['pr', 'full'] as const).map((profile) => {
    const options = check.presets[profile];
    const { seconds, requests } = check.estimate(options, surface);
    const peak = check.peakRps?.(options);
    return [
      profile,
      `about ${duration(seconds)} and at most ${counted(requests, 'request')}${peak === undefined ? '' : `, at up to ${peak} req/s`} for each round`,
    ] as const;
  });
}

export function checkToComePage(id: string, { title, metrics }: CheckToCome, known: Known): Page {
  const { means, next } = REASON_MEANINGS.NO_CHECK_YET;
  return {
    kind: 'check',
    id,
    title: `${title} (not built yet)`,
    sections: [
      ...section('What it proves', text(`Nothing yet. ${means}`)),
      ...section('What it will measure', pairs(...Object.entries(metrics).map(([metric, declared]) => [metric, metricLine(declared)] as const))),
      ...section('What to do meanwhile', text(next)),
      ...section('Criteria that wait for it', items(...criteriaBoundTo(known, id).map((criterion) => criterion.id))),
    ],
  };
}

export function suitePage(name: string, checks: readonly Check[]): Page {
  return {
    kind: 'suite',
    id: name,
    title: `The suite ${name}: ${counted(checks.length, 'check')}`,
    sections: [
      ...section('Its checks', pairs(...checks.map(({ id, about }) => [id, about.proves] as const))),
      ...section('To run them all', commands(`naap-gate check ${name} --env NAME`)),
    ],
  };
}

export function metricPages(metric: string, known: Known): readonly Page[] {
  const built = known.checks.filter((check) => check.metrics[metric] !== undefined).map((check) => metricPage(metric, check, known));
  const toCome = Object.entries(CHECKS_TO_COME).flatMap(([id, check]) => (check.metrics[metric] === undefined ? [] : [metricToCome(metric, id, check, known)]));
  return [...built, ...toCome];
}

function metricPage(metric: string, check: Check, known: Known): Page {
  const declared = check.metrics[metric];
  const rows = criteriaBoundTo(known, check.id, metric);
  return {
    kind: 'metric',
    id: metric,
    title: declared?.title ?? metric,
    sections: [
      ...section('What it is', ...(declared === undefined ? [] : [text(metricLine(declared))])),
      ...section('Who measures it', text(`${check.title} (naap-gate explain ${check.id}). ${check.about.how}`)),
      ...section('Where the numbers come from', text(check.about.source)),
      ...(rows.length === 0
        ? section('What is judged by it', text('Nothing: it explains the other figures of its check and stands beside them in the report.'))
        : section('What is judged by it', pairs(...rows.map(({ id, kind }) => [id, limitsOn(metric, check.id, kind, known)] as const)))),
    ],
  };
}

function metricToCome(metric: string, id: string, check: CheckToCome, known: Known): Page {
  const declared = check.metrics[metric];
  const rows = criteriaBoundTo(known, id, metric);
  return {
    kind: 'metric',
    id: metric,
    title: `${check.title} (the check ${id} is not built yet)`,
    sections: [
      ...section('What it is', ...(declared === undefined ? [] : [text(metricLine(declared))])),
      ...section('What is judged by it', pairs(...rows.map(({ id: row, kind }) => [row, limitsOn(metric, id, kind, known)] as const))),
    ],
  };
}

function limitsOn(metric: string, check: string, kind: Known['gates'][number]['criteria'][number]['kind'], known: Known): string {
  const bindings = 'measured' in kind ? kind.measured.filter((binding) => binding.check === check && binding.expect.metric === metric) : [];
  return bindings.map((binding) => bindingWords(binding, metricWords(known, check, metric))).join(' ');
}
