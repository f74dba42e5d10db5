// Reads what the API answers a journey, with the envelope of NaaP or without one. Used by the journeys and by written.ts.
import { readField } from '../instruments/json-field.ts';

/** What an answer is about: `data` of the envelope, else the whole of it. */
export function dataOf(answer: unknown): unknown {
  return readField(answer, 'data') ?? answer;
}

/** Whose an answer of login or me is; undefined where it says nothing of anybody. */
export function emailIn(answer: unknown): unknown {
  const data = dataOf(answer);
  return readField(data, 'user.email') ?? readField(data, 'email');
}

type Row = Readonly<Record<string, unknown>>;

/** The rows of an answer that lists them: the first array of objects in it. */
export function rowsOf(answer: unknown): readonly Row[] {
  if (Array.isArray(answer)) return answer.filter((row): row is Row => typeof row === 'object' && row !== null);
  if (typeof answer !== 'object' || answer === null) return [];
  return (
    Object.values(answer)
      .map(rowsOf)
      .find((rows) => rows.length > 0) ?? []
  );
}
