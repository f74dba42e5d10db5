// The part of autocannon 9 that the bench uses; the package ships no types.
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** s */
    readonly duration: number;
    /** Requests a second, all connections together. */
    readonly overallRate?: number;
    readonly ignoreCoordinatedOmission?: boolean;
    readonly pipelining?: number;
  }
  interface Result {
    readonly latency: { readonly p50: number; readonly p97_5: number; readonly p90: number; readonly p99: number };
    readonly requests: { readonly average: number; readonly total: number };
    readonly errors: number;
    readonly timeouts: number;
    readonly duration: number;
  }
  interface Instance extends PromiseLike<Result> {
    on(event: 'response', listener: (client: unknown, statusCode: number, bytes: number, responseTimeMs: number) => void): this;
  }
  export default function autocannon(options: Options): Instance;
}
