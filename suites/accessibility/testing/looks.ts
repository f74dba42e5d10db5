// What axe may have seen at a place, made up for tests of what is made of it.
import type { AxeLook, AxeRule } from '../axe.ts';
import type { Looked } from '../findings.ts';

export const CONTRAST: AxeRule = {
  id: 'color-contrast',
  tags: ['cat.color', 'wcag2aa', 'wcag143'],
  help: 'Elements must meet minimum color contrast ratio thresholds',
  helpUrl: 'https://example.org/color-contrast?application=playwright',
  impact: 'serious',
  nodes: [{ selector: '#lead', why: 'Element has insufficient color contrast of 2.9' }],
};
const IMAGE = { id: 'image-alt', tags: ['wcag2a', 'wcag111'] };
const VIDEO = { id: 'video-caption', tags: ['wcag2a', 'wcag122'] };

/** `page/…/theme`; nothing is wrong there unless `look` says so. */
export function lookedAt(place: string, look: Partial<AxeLook> = {}): Looked {
  const [page = ''] = place.split('/');
  return { page, place, look: { version: '4.14.1', passed: [IMAGE], violated: [], undecided: [], inapplicable: [VIDEO], ...look } };
}
