// Reads from an answer whether its instance had answered anybody before. Pure but for what it has seen; used by cold-asking.ts.
import type { ColdStartMarker, HttpResponse } from '../../gates/model.ts';

export interface ColdEvidence {
  /** True only where the answer itself shows that its instance is new. */
  isCold(headers: HttpResponse['headers']): boolean;
}

/** One for each route: what one function's instances are called says nothing about another's. */
export function readColdEvidence(marker: ColdStartMarker): ColdEvidence {
  if ('header' in marker) {
    const name = marker.header.toLowerCase();
    return { isCold: (headers) => (marker.value === undefined ? headers[name] !== undefined : headers[name] === marker.value) };
  }
  const name = marker.instanceHeader.toLowerCase();
  const seen = new Set<string>();
  return {
    isCold(headers) {
      const instance = headers[name];
      if (instance === undefined || seen.has(instance)) return false;
      // The first one may have been warm long before we came.
      const isNew = seen.size > 0;
      seen.add(instance);
      return isNew;
    },
  };
}
