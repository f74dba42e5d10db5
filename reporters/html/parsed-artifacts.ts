// Reads the artifacts of one kind that sections of the report are made from. Used by html/.
import type { z } from 'zod';
import type { ReadArtifact, RunReport } from '../../gates/model.ts';

/** An artifact that is missing or of another form shows nothing; the row of the checklist has its own figures. */
export function parsedArtifacts<Shape>(report: RunReport, read: ReadArtifact, mediaType: string, shape: z.ZodType<Shape>): readonly Shape[] {
  return report.artifacts.filter((one) => one.mediaType === mediaType).flatMap(({ sha256 }) => parsed(read(sha256), shape));
}

function parsed<Shape>(bytes: Uint8Array | undefined, shape: z.ZodType<Shape>): Shape[] {
  if (bytes === undefined) return [];
  try {
    return [shape.parse(JSON.parse(new TextDecoder().decode(bytes)))];
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')) return [];
    throw error;
  }
}
