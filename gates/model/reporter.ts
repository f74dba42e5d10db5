// What a reporter is: a pure function from a run to text or bytes. It never prints, sends or decides (DESIGN §3).
import type { Measurement } from './measurement.ts';
import type { RunReport } from './report.ts';

/** A run as reporters read it: the report, and the measurements behind each result (for pictures of distributions). */
export interface RunView {
  readonly report: RunReport;
  /** By check id and metric: `measurements.get('api-load/api.latency')`; payloads loaded. */
  readonly measurements: ReadonlyMap<string, readonly Measurement[]>;
}
/** Bytes of an artifact by SHA-256; undefined where it is not there. */
export type ReadArtifact = (sha256: string) => Uint8Array | undefined;

export interface Reporter {
  readonly format: string;
  /** File name in the run's folder: `report.md`. */
  readonly file: string;
  render(view: RunView, read: ReadArtifact): string | Uint8Array;
}
