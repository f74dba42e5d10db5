// What is asked inside of a page, as text: it is sent to the browser by `page.evaluate` and never runs here. Used by the cases of this suite.

/** What a person calls an element, whether it can be seen, what has the focus and which element that is; known to every script. */
const SHARED = `
const cut = (text) => text.length <= 60 ? text : text.slice(0, 60) + '…';
const nameOf = (element) => {
  const id = element.id === '' ? '' : '#' + element.id;
  const own = element.getAttribute('aria-label') ?? element.textContent ?? '';
  const words = own.replace(/\\s+/g, ' ').trim() || (element.getAttribute('placeholder') ?? element.getAttribute('name') ?? '');
  return element.tagName.toLowerCase() + id + (words === '' ? '' : ' "' + cut(words) + '"');
};
const isShown = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
};
const hasOwnText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
const focusedIn = (root) => root.activeElement?.shadowRoot?.activeElement ? focusedIn(root.activeElement.shadowRoot) : root.activeElement;
const numberOf = (element) => {
  const known = (globalThis.__naapGateNumbers ??= { of: new WeakMap(), count: 0 });
  if (!known.of.has(element)) known.of.set(element, ++known.count);
  return known.of.get(element);
};
const isClosed = (element) => element.matches('iframe, frame, object, embed') || (element.localName.includes('-') && element.shadowRoot === null && !element.hasAttribute('tabindex'));
const hasStopsInside = (element) => isClosed(element) || element.matches('audio, video, input:is([type=date], [type=time], [type=datetime-local], [type=month], [type=week])');
const withinTwoFrames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
`;

/** An expression for `page.evaluate`; `body` ends with `return`, and may await. */
export function pageScript(body: string): string {
  return `(async () => { ${SHARED} ${body} })()`;
}

/** Longest that a page may take to come to rest, ms. */
const REST_MS = 3_000;

/** Fonts are there, layout is done, and what moves for a moment has moved: contrast and places are looked at afterwards. */
export const COME_TO_REST = pageScript(`
  const isBrief = (animation) => (animation.effect?.getComputedTiming().endTime ?? Infinity) <= ${REST_MS};
  const brief = () => document.getAnimations().filter((animation) => animation.playState === 'running' && isBrief(animation));
  await Promise.race([
    (async () => {
      await document.fonts.ready;
      await withinTwoFrames();
      await Promise.allSettled(brief().map((animation) => animation.finished));
    })(),
    new Promise((resolve) => setTimeout(resolve, ${REST_MS})),
  ]);
`);
