import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addEvidence, alice, carol, type Sealed, sealedRun, sign, verifySealed } from '../testing/sealed-run.ts';
import { viewOf } from '../view.ts';
import { settlePending } from './settle-pending.ts';

function states(sealed: Sealed): string[] {
  const { standings, evidence } = verifySealed(sealed).now;
  return settlePending(viewOf(sealed.folder).report.criteria, standings, evidence).map(
    ({ id, state, reason }) => `${id.split('.').at(-1)} ${state} ${reason.code}`,
  );
}

test('rows wait until they are signed and documented; then they pass, or fail by a rejection or a document that is not right', async () => {
  const sealed = await sealedRun();
  const measured = 'probe pass WITHIN_LIMIT';
  expect(states(sealed)).toEqual([
    measured,
    'security pending AWAITS_SIGNATURE',
    'cto pending AWAITS_SIGNATURE',
    'errors pending AWAITS_EVIDENCE',
    'tests pending AWAITS_EVIDENCE',
  ]);
  await addEvidence(sealed, 'errors', 'E1');
  await addEvidence(sealed, 'tests', 'broken', 1);
  await sign(sealed, 'Security Lead', alice, { reject: 'no CSP' });
  expect(states(sealed)).toEqual([
    measured,
    'security fail REJECTED',
    'cto pending AWAITS_SIGNATURE',
    'errors pass EVIDENCE_ACCEPTED',
    'tests fail EVIDENCE_FAILED',
  ]);
  await addEvidence(sealed, 'tests', 'ok', 1);
  await addEvidence(sealed, 'tests', 'the plan', 0);
  await sign(sealed, 'Security Lead', alice);
  await sign(sealed, 'CTO', carol);
  expect(states(sealed)).toEqual([measured, 'security pass SIGNED', 'cto pass SIGNED', 'errors pass EVIDENCE_ACCEPTED', 'tests pass EVIDENCE_ACCEPTED']);
  await addEvidence(sealed, 'errors', 'E1, E2');
  expect(states(sealed).slice(1, 3)).toEqual(['security pending AWAITS_SIGNATURE', 'cto pending AWAITS_SIGNATURE']);
  rmSync(join(sealed.folder.path, '..'), { recursive: true, force: true });
});
