// The pages on words that naap-gate prints: error codes, reason codes, states, exit codes, effects and profiles. Called by look-up.
import {
  type Effect,
  ERROR_CODES,
  type ErrorCode,
  EXIT,
  type Profile,
  type Reason,
  REASON_MEANINGS,
  type State,
  STATE_MEANINGS,
  VERDICTS,
} from '../../gates/model.ts';
import { items, type Page, pairs, section, text } from './page.ts';
import type { FindingCode } from '../../gates/paper/finding.ts';
import { FINDING_MEANINGS, LEVEL_WORDS } from './finding-words.ts';
import { EFFECT_WORDS, EXIT_WORDS, PROFILE_WORDS } from './vocabulary.ts';

export function errorPage(code: ErrorCode): Page {
  const { title, cause, example, remedy, exit } = ERROR_CODES[code];
  return {
    kind: 'error',
    id: code,
    title,
    sections: [
      ...section('How it comes to that', text(cause)),
      ...section('How it looks', items(...example.split('\n').map((line) => line.trim()))),
      ...section('What to do', text(remedy)),
      ...section(
        'What follows',
        pairs([
          `exit code ${exit}`,
          exit === EXIT.undecided
            ? 'Nothing is decided: in a run, the rows that are affected are errors or inconclusive, never a pass.'
            : (EXIT_WORDS[String(exit)]?.title ?? ''),
        ]),
      ),
    ],
  };
}

export function reasonPage(code: Reason['code']): Page {
  const { state, means, next } = REASON_MEANINGS[code];
  return {
    kind: 'reason',
    id: code,
    title: `The reason of a row that is ${state}`,
    sections: [
      ...section('What it means', text(means)),
      ...section('What to do', text(next)),
      ...section('The state', pairs([state, STATE_MEANINGS[state].means])),
    ],
  };
}

export function findingPage(code: FindingCode): Page {
  const { level, means, next } = FINDING_MEANINGS[code];
  return {
    kind: 'finding',
    id: code,
    title: 'A finding of naap-gate verify',
    sections: [...section('What it means', text(means)), ...section('What to do', text(next)), ...section('How it counts', pairs([level, LEVEL_WORDS[level]]))],
  };
}

export function statePage(state: State): Page {
  const { isVerdict, means } = STATE_MEANINGS[state];
  const reasons = Object.entries(REASON_MEANINGS).filter(([, meaning]) => meaning.state === state);
  const order = VERDICTS.join(' < ');
  return {
    kind: 'state',
    id: state,
    title: isVerdict ? 'A verdict' : 'A state without a verdict',
    sections: [
      ...section('What it means', text(means)),
      ...section(
        'How it counts',
        text(
          isVerdict
            ? `Best to worst: ${order}. A gate's verdict is the worst of its required rows that have one.`
            : 'It has no place among the verdicts: it neither makes a gate pass nor fail, and the headline counts it apart.',
        ),
      ),
      ...section('Reasons that lead to it', pairs(...reasons.map(([code, meaning]) => [code, meaning.means] as const))),
    ],
  };
}

export function exitPage(code: string): Page | undefined {
  const words = EXIT_WORDS[code];
  if (words === undefined) return undefined;
  return { kind: 'exit code', id: code, title: words.title, sections: [...section('What to do', text(words.next))] };
}

export function effectPage(effect: Effect): Page {
  return {
    kind: 'word',
    id: effect,
    title: 'An effect: what a check does to the environment',
    sections: [
      ...section('What it means', text(EFFECT_WORDS[effect])),
      ...section(
        'Who allows it',
        text(
          `\`environments.NAME.allow\` of the configuration lists it. Otherwise checks that have it are left out (deferred: ${effect === 'load' ? 'NO_LOAD_CONSENT' : 'EFFECT_NOT_ALLOWED'}), and the run is partial.`,
        ),
      ),
    ],
  };
}

export function profilePage(profile: Profile): Page {
  return { kind: 'word', id: profile, title: 'A profile: how much is measured', sections: section('What it means', text(PROFILE_WORDS[profile])) };
}
