// Reads the forms in which bundlers tell of their output. Called by bundle-manifest.rule.ts.
import { z } from 'zod';
import { isRecord, readShape } from './document-text.ts';

export interface Manifest {
  /** In words: "Vite's manifest". */
  readonly form: string;
  /** Each file once. `bytes` as the form tells; absent where it does not. */
  readonly files: readonly { readonly name: string; readonly bytes?: number }[];
  readonly contradictions: readonly string[];
}

const name = z.string().min(1);
const names = z.array(name).optional();

const ViteChunk = z.object({ file: name, css: names, assets: names, imports: names, dynamicImports: names });
const Next = z.object({
  pages: z.record(z.string(), z.array(name)),
  rootMainFiles: names,
  polyfillFiles: names,
  lowPriorityFiles: names,
  devFiles: names,
});
const Metafile = z.object({ inputs: z.record(z.string(), z.unknown()), outputs: z.record(z.string(), z.object({ bytes: z.number() })) });
/** Our own, for other bundlers: `{"files": [{"file": "main-4bd1b696.js", "bytes": 5120}]}`. */
const Simple = z.object({ files: z.array(z.object({ file: name, bytes: z.number().optional() })) });

/** Throws where it is none of them. */
export function readManifest(json: Readonly<Record<string, unknown>>): Manifest {
  if (isRecord(json['outputs'])) return readMetafile(json);
  if (isRecord(json['pages'])) return readNext(json);
  if (Array.isArray(json['files'])) return readSimple(json);
  const chunks = Object.values(json);
  if (chunks.length === 0 || chunks.some((chunk) => isRecord(chunk) && 'file' in chunk)) return readVite(json);
  throw new Error(
    'it is no manifest of a build: neither Vite\'s manifest.json, nor Next.js\'s build-manifest.json, nor a metafile of esbuild, nor {"files": [{"file", "bytes"}]}',
  );
}

/** https://vite.dev/guide/backend-integration */
function readVite(json: unknown): Manifest {
  const chunks = readShape(z.record(z.string(), ViteChunk), json, 'manifest of Vite');
  const files = Object.values(chunks).flatMap(({ file, css = [], assets = [] }) => [file, ...css, ...assets]);
  const lost = Object.entries(chunks).flatMap(([key, { imports = [], dynamicImports = [] }]) =>
    [...imports, ...dynamicImports].filter((imported) => !(imported in chunks)).map((imported) => `${key} imports ${imported}, which is not there`),
  );
  return { form: "Vite's manifest", files: [...new Set(files)].map((file) => ({ name: file })), contradictions: lost };
}

function readNext(json: unknown): Manifest {
  const { pages, rootMainFiles = [], polyfillFiles = [], lowPriorityFiles = [], devFiles = [] } = readShape(Next, json, 'build-manifest.json of Next.js');
  const built = [...rootMainFiles, ...polyfillFiles, ...lowPriorityFiles, ...Object.values(pages).flat()];
  const isDevelopment = devFiles.length > 0 || lowPriorityFiles.some((file) => file.includes('/development/'));
  return {
    form: "Next.js's build manifest",
    files: [...new Set(built)].map((file) => ({ name: file })),
    contradictions: isDevelopment ? ['it is of a development server, not of a build'] : [],
  };
}

/** https://esbuild.github.io/api/#metafile */
function readMetafile(json: unknown): Manifest {
  const { outputs } = readShape(Metafile, json, 'metafile of esbuild');
  return { form: "esbuild's metafile", files: Object.entries(outputs).map(([file, { bytes }]) => ({ name: file, bytes })), contradictions: [] };
}

function readSimple(json: unknown): Manifest {
  const { files } = readShape(Simple, json, 'list of built files');
  const twice = files.filter(({ file }, index) => files.findIndex((one) => one.file === file) !== index).map(({ file }) => `${file} stands twice`);
  return {
    form: 'List of built files',
    files: files.map(({ file, bytes }) => ({ name: file, ...(bytes === undefined ? {} : { bytes }) })),
    contradictions: twice,
  };
}
