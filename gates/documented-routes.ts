// Writes the routes of a surface into the rules that ask an OpenAPI document for them, so that a sealed run carries all that it is judged by. Called by plan.ts and `evidence check`.
import type { Criterion } from './model/criterion.ts';
import type { Surface } from './model/surface.ts';

/** The same criterion; one without such a rule as it is. */
export function withDocumentedRoutes(criterion: Criterion, surface: Surface): Criterion {
  if (!('evidence' in criterion.kind) || criterion.kind.evidence.every(({ kind }) => kind !== 'openapi')) return criterion;
  const evidence = criterion.kind.evidence.map((rule) => {
    if (rule.kind !== 'openapi') return rule;
    const asked = surface.endpoints.filter(({ id }) => rule.endpoints === undefined || id.startsWith(rule.endpoints));
    return { ...rule, routes: asked.map(({ method, path }) => `${method} ${path}`) };
  });
  return { ...criterion, kind: { evidence } };
}
