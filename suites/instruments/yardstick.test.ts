import { expect, onTestFinished, test } from 'vitest';
import { openYardstick } from './yardstick.ts';

test('work takes at least as long as the CPU time that it uses, and can be measured again and again', async () => {
  const yardstick = openYardstick();
  onTestFinished(() => yardstick.stop());
  for (let times = 0; times < 3; times += 1) {
    const share = await yardstick.measure();
    // A processor's clock ticks in steps, and other threads of this process add to what it used.
    expect(share).toBeGreaterThan(0.4);
    expect(Number.isFinite(share)).toBe(true);
  }
});
