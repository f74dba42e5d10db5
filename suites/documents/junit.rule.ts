// Judges the JUnit report of the application's own tests by its test cases, not by the sums that stand in its attributes. Called through documentChecks.
import type { DocumentChecks } from '../../gates/model.ts';
import { readText } from './document-text.ts';
import { readJunit } from './junit-xml.ts';
import { counted, listed } from './words.ts';

export const judgeJunit: DocumentChecks['junit'] = (bytes, { suite }) => {
  const { cases, contradictions, flaky } = readJunit(readText(bytes));
  const of = (state: (typeof cases)[number]['state']): string[] => cases.filter((one) => one.state === state).map(({ name }) => name);
  const [failed, broken, skipped] = [of('failed'), of('error'), of('skipped')];
  const ran = cases.length - skipped.length;
  const aside = `${skipped.length === 0 ? '' : `, ${skipped.length} skipped`}${flaky === 0 ? '' : `, ${flaky} passed only when repeated`}`;
  if (contradictions.length > 0) return { ok: false, text: `It contradicts itself: ${listed(contradictions)}.` };
  if (cases.length === 0) return { ok: false, text: `It has no test case: no ${suite} test ran.` };
  if (ran === 0) return { ok: false, text: `None of its ${counted(cases.length, 'test case')} ran: all are skipped.` };
  if (failed.length + broken.length === 0) return { ok: true, text: `${counted(ran, 'test case')} ran, none failed${aside}.` };
  const words = [failed.length > 0 ? `${failed.length} failed` : [], broken.length > 0 ? `${broken.length} ended in error` : []].flat();
  return { ok: false, text: `Of ${counted(ran, 'test case')} ${words.join(', ')}${aside}: ${listed([...failed, ...broken])}.` };
};
