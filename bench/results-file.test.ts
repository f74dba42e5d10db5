import { expect, test } from 'vitest';
import { withSection } from './results-file.ts';

const BOTH = '# Results\n\n## load\n\n### Accuracy\n\nold\n\n## data\n\nolder\n';

test('a bench replaces its own section and leaves the others', () => {
  expect(withSection(BOTH, 'load', '## load\n\nnew\n\n')).toBe('# Results\n\n## load\n\nnew\n\n## data\n\nolder\n');
  expect(withSection(BOTH, 'data', '## data\n\nnew')).toBe('# Results\n\n## load\n\n### Accuracy\n\nold\n\n## data\n\nnew\n');
});

test('the first run of a bench adds its section', () => {
  expect(withSection('# Results\n', 'data', '## data\n\nnew\n')).toBe('# Results\n\n## data\n\nnew\n');
});
