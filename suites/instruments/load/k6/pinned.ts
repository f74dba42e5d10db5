// The k6 that naap-gate builds or downloads where none is on PATH. Another v2 on PATH is as good: what the engine relies on is the same in all of v2.

/** With its digest in Go's checksum database; the newest that the module proxy gave out on 2026-11-23 (it refused v2.3.0). */
export const K6_VERSION = 'v2.1.0';
export const K6_MODULE = 'go.k6.io/k6/v2';
export const GO_SUM = `${K6_MODULE} ${K6_VERSION} h1:tMdUG9z0aBIL1eWIWlvSXke4rh0yA2x2KsilF0FycJI=
${K6_MODULE} ${K6_VERSION}/go.mod h1:0xhbdfFEdP7WM7YE7/QeL8seWC4l1kVEFsCD1J6mPPU=
`;
/** Least Go that builds it (its go.mod). */
export const GO_VERSION = '1.25.0';
export const RELEASES = 'https://github.com/grafana/k6/releases/download';
/** The engine speaks to this major version only. */
export const MAJOR = 2;
