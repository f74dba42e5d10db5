// What became of each picture of a page that was compared: the artifact that visual-regression leaves and the report shows side by side.
import { z } from 'zod';

export const COMPARED_PICTURES_MEDIA_TYPE = 'application/vnd.naap-gate.compared-pictures+json';

/** CSS pixels. */
const PictureSize = z.object({ width: z.int().min(1), height: z.int().min(1) });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const ComparedPictures = z.object({
  /** Those that differ, the worst first. PNG, by the SHA-256 of the artifact. */
  pictures: z.array(
    z.object({
      /** Of the case: `dashboard/360/dark`. */
      id: z.string().min(1),
      /** What is different, in words. */
      detail: z.string(),
      expected: z.object({ size: PictureSize, whole: sha256, shown: sha256 }),
      actual: z.object({ size: PictureSize, whole: sha256, shown: sha256 }),
      difference: z.object({ whole: sha256, shown: sha256 }),
      /** Part of the page that `shown` is cut out of, as all three show it. */
      part: z.object({ x: z.int().min(0), y: z.int().min(0) }).and(PictureSize),
    }),
  ),
});
export type ComparedPictures = z.infer<typeof ComparedPictures>;
