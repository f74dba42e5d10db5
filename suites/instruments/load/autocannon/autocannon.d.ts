// The part of autocannon 9 that the engine and the bench use; the package ships no types.
declare module 'autocannon' {
  interface Request {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly onResponse?: (status: number) => void;
  }
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** s */
    readonly duration: number;
    /** Requests a second, all connections together. */
    readonly overallRate?: number;
    readonly ignoreCoordinatedOmission?: boolean;
    readonly pipelining?: number;
    /** s */
    readonly timeout?: number;
    /** Each connection sends them one after another, over and over. */
    readonly requests?: readonly Request[];
  }
  interface Result {
    readonly latency: { readonly p50: number; readonly p97_5: number; readonly p90: number; readonly p99: number };
    readonly requests: { readonly average: number; readonly total: number };
    readonly errors: number;
    readonly timeouts: number;
    readonly duration: number;
  }
  interface Instance extends PromiseLike<Result> {
    on(event: 'start', listener: () => void): this;
    on(event: 'response', listener: (client: unknown, statusCode: number, bytes: number, responseTimeMs: number) => void): this;
    on(event: 'reqError', listener: (error: Error) => void): this;
  }
  export default function autocannon(options: Options): Instance;
}
