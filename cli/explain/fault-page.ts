// The page on a defect that the demo can be given: what it breaks, which rows must catch it, how to see it. Called by look-up.
import { commandOf, type Known } from './known.ts';
import { commands, items, type Page, pairs, section, text } from './page.ts';

export function faultPage({ id, title, suite, gate, must, may, switches, args = [] }: Known['faults'][number]): Page {
  const settings = Object.entries(switches).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return {
    kind: 'fault',
    id,
    title,
    sections: [
      ...section(
        'What it is',
        text(
          `A defect of the twin, off unless it is asked for. It is there to show that the gate would find such a thing; it says nothing about a real environment.`,
        ),
      ),
      ...section('Rows that must fail', items(...must)),
      ...section('Rows that may change too', items(...byReason(may))),
      ...section('What is switched', pairs(['gate', gate], ['suite that catches it', suite], ...settings)),
      ...section(
        'To see it',
        commands([commandOf(gate), '--env demo --profile pr', `--fault ${id}`, ...args, `--only ${must.join(' ')}`].join(' '), `npm run exam -- --only ${id}`),
      ),
    ],
  };
}

/** Rows that change for the same reason stand together. */
function byReason(may: Known['faults'][number]['may']): readonly string[] {
  return [...Map.groupBy(may, ({ reason }) => reason)].map(([reason, rows]) => `${rows.map(({ criterion }) => criterion).join(', ')}: ${reason}`);
}
