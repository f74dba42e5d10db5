// What a new check may be called, and every other name that follows from it. Called by `new check`.
import { GateError } from '../../gates/model.ts';

export interface CheckName {
  readonly id: string;
  readonly suite: string;
  /** `healthLatency`: what its file exports. */
  readonly variable: string;
  /** `health.latency` */
  readonly metric: string;
  /** `Health latency` */
  readonly title: string;
  /** `api.health-slow` */
  readonly fault: string;
}

/** First words that say what is done or hoped rather than what is measured. */
const REFUSED_FIRST = ['check', 'no', 'not', 'is', 'has', 'test', 'verify', 'validate', 'ensure', 'assert', 'measure'];
/** Words that a module cannot export, or that suites/index.ts exports itself. */
const TAKEN_WORDS = (
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof ' +
  'interface let new null package private protected public return static super switch this throw true try typeof var void while with yield checks suites'
).split(' ');
const EXAMPLE = 'For example: naap-gate new check forum-latency --path /api/v1/community/posts';

/** Throws USAGE with the rule that the id breaks. */
export function nameCheck(id: string, suite: string): CheckName {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    throw refuse(id, 'a check is named in kebab-case: lower-case letters and digits, words joined by single hyphens');
  const words = id.split('-');
  const first = words[0] ?? '';
  if (REFUSED_FIRST.includes(first) || words.at(-1) === 'check')
    throw refuse(id, `a check is a noun that names what is measured ("api-load", "orphaned-rows"), never what is done or hoped ("check-latency", "no-errors")`);
  if (TAKEN_WORDS.includes(id)) throw refuse(id, 'this word cannot be the name of what its file exports');
  const subject = words.length > 1 && ['latency', 'time', 'duration'].includes(words.at(-1) ?? '') ? words.slice(0, -1) : words;
  return {
    id,
    suite,
    variable: words.map((word, index) => (index === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join(''),
    metric: `${subject.join('-')}.latency`,
    title: `${first.slice(0, 1).toUpperCase()}${words.join(' ').slice(1)}`,
    fault: `${suite.split('-')[0] ?? suite}.${subject.join('-')}-slow`,
  };
}

function refuse(id: string, why: string): GateError {
  return new GateError('USAGE', `"${id}" is no name for a check: ${why}.`, { remedy: EXAMPLE });
}
