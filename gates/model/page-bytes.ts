// What each page made the browser transfer: the artifact that bundle-size leaves and the report shows as a table.
import { z } from 'zod';

export const PAGE_BYTES_MEDIA_TYPE = 'application/vnd.naap-gate.page-bytes+json';

const bytes = z.int().min(0);

export const PageBytes = z.object({
  loads: z.array(
    z.object({
      /** `page forum`: as the label of its figures. */
      route: z.string().min(1),
      side: z.enum(['target', 'legacy']),
      /** Bodies as they were sent, and as they were after decompression; by type, `data` among them. */
      byType: z.record(z.string(), z.object({ requests: bytes, transferred: bytes, parsed: bytes })),
      /** Of script and style: characters that were there, and that nothing used until the page was idle. */
      unused: z.record(z.string(), z.object({ total: bytes, unused: bytes })),
      /** The heaviest first, a few. */
      heaviest: z.array(z.object({ path: z.string(), type: z.string(), transferred: bytes })),
    }),
  ),
  notLoaded: z.array(z.object({ route: z.string(), side: z.enum(['target', 'legacy']), why: z.string() })),
});
export type PageBytes = z.infer<typeof PageBytes>;
