import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nameCheck } from './check-name.ts';
import { bindingText, faultOf, faultText } from './templates.ts';

test('CONTRIBUTING shows the row and the fault that `new check health-latency` writes', () => {
  const guide = readFileSync(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');
  const name = nameCheck('health-latency', 'api');
  const fault = faultOf(name, 'GET /api/health', 'phase3.functionality.api-endpoints');
  expect(guide).toContain(faultText(fault));
  for (const line of bindingText(name).trim().split('\n')) expect(guide).toContain(line);
  expect(guide).toContain(fault.id);
});
