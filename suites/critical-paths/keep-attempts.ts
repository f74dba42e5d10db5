// Puts among the artifacts what tells why a journey failed: trace, pictures, video, what its pages did. Used by critical-paths.check.ts.
import { readFileSync } from 'node:fs';
import type { CheckContext } from '../../gates/model.ts';
import type { Attachment, TestEnd } from '../instruments/journeys/protocol.ts';
import { secretsInTrace } from '../instruments/journeys/trace-secrets.ts';

/** Attached by the journeys' fixture: what a page did, as watchPage() wrote it down. */
export const PAGE_RECORD = 'page-record.json';

const TRACE = 'application/zip';
/** A prompt with the page in words, values of fields included; the trace has it better. */
const PLAYWRIGHTS_OWN_WORDS = 'error-context';

/** Every attempt at a test that did not pass at once: of a flaky one the one that failed and the one that passed. */
export function telling(ends: readonly TestEnd[]): readonly TestEnd[] {
  const doubtful = new Set(ends.filter(({ status }) => status !== 'passed' && status !== 'skipped').map(testOf));
  return ends.filter((end) => doubtful.has(testOf(end)));
}

const testOf = ({ file, title }: TestEnd): string => `${file}\n${title}`;

/** Values that no file of these attempts may show: what one of them typed may stand in the trace of another. */
export function secretsOf(ends: readonly TestEnd[]): readonly string[] {
  return [...new Set(ends.flatMap((end) => readSecrets(end) ?? []))];
}

/**
 * `journey`: first part of the files' names. Of an attempt whose trace cannot be read only pictures and videos are kept, in which a browser hides
 * passwords: of the rest nobody can say what is in it.
 */
export async function keepAttempt(
  { artifacts, log }: Pick<CheckContext, 'artifacts' | 'log'>,
  journey: string,
  end: TestEnd,
  secrets: readonly string[],
): Promise<void> {
  const folder = `critical-paths/${journey}/attempt-${end.attempt + 1}`;
  const files = end.attachments.filter(({ name }) => name !== PLAYWRIGHTS_OWN_WORDS);
  const kept = readSecrets(end) === undefined ? files.filter(({ contentType }) => /^(image|video)\//.test(contentType)) : files;
  if (kept.length < files.length) log(`${folder}: ${files.length - kept.length} files are not kept, they could not be searched for secrets.`);
  for (const [index, file] of kept.entries()) {
    const earlier = kept.slice(0, index).filter((one) => fileName(one) === fileName(file)).length;
    const bytes = bytesOf(file);
    if (bytes !== undefined) await artifacts.put(`${folder}/${earlier === 0 ? '' : `${earlier + 1}-`}${fileName(file)}`, file.contentType, bytes, secrets);
  }
}

function bytesOf({ path, body }: Attachment): Uint8Array | undefined {
  if (path !== undefined) return readFileSync(path);
  return body === undefined ? undefined : Buffer.from(body, 'base64');
}

/** Undefined: it has no trace that can be read. */
function readSecrets({ attachments }: TestEnd): readonly string[] | undefined {
  const trace = attachments.find(({ contentType }) => contentType === TRACE);
  const bytes = trace === undefined ? undefined : bytesOf(trace);
  try {
    return bytes === undefined ? undefined : secretsInTrace(bytes);
  } catch {
    return undefined;
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  [TRACE]: '.zip',
  'image/png': '.png',
  'image/jpeg': '.jpeg',
  'video/webm': '.webm',
  'text/markdown': '.md',
  'text/plain': '.txt',
  'application/json': '.json',
};

function fileName({ name, contentType }: Attachment): string {
  const extension = EXTENSIONS[contentType] ?? '';
  const plain = name.replaceAll(/[^\w.-]+/g, '-');
  return plain.endsWith(extension) ? plain : `${plain}${extension}`;
}
