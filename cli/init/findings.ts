// What `init` learned of an application, from wherever, and what it could not learn. Made by the discoverers, written down by config-text.
import type { SurfaceOverrides } from '../../suites/surface-overrides.ts';
import type { Surface } from '../../gates/model.ts';

/** What stands before the application and lets nobody through without its own sign. */
export interface Wall {
  /** `Vercel's deployment protection` */
  readonly what: string;
  /** What was seen. */
  readonly seen: string;
  /** Headers that open it, each with the name of the variable that is to hold its secret. None: not known. */
  readonly headers: readonly { readonly name: string; readonly env: string }[];
  /** Where the secret is to be had. */
  readonly how: string;
}

export interface Login {
  readonly kind: 'password' | 'oauth' | 'wall' | 'unknown';
  /** `GitHub`, `Google` */
  readonly providers: readonly string[];
  /** What was seen, or why nothing could be. */
  readonly seen: string;
}

/** Something that a person must fill in. `field`: where it goes in the configuration. */
export interface Unknown {
  readonly field: string;
  readonly what: string;
  readonly fill: string;
}

/** Differences from NaaP's surface, or a whole one where the application is another. */
export type ProposedSurface = { readonly kind: 'differences'; readonly value: SurfaceOverrides } | { readonly kind: 'whole'; readonly value: Surface };

export interface Findings {
  /** In words: `https://staging.naap.dev, 14 GET requests`. */
  readonly source: string;
  readonly target: { readonly web: string; readonly api?: string };
  readonly identity?: { readonly path: string; readonly expect: { readonly status: number; readonly body?: string } };
  readonly wall?: Wall;
  readonly login: Login;
  readonly surface?: ProposedSurface;
  /** Sentences, each with what it rests on. */
  readonly learned: readonly string[];
  readonly unknown: readonly Unknown[];
  /** What was asked, in order. */
  readonly requests: readonly { readonly path: string; readonly status: number | null }[];
}

/** Never resolves (RFC 2606): stands where an address is not known. */
export const NOWHERE = 'https://staging.invalid';
