// Puts among the artifacts what tells why a journey failed: trace, pictures, video, what its pages did. Used by critical-paths.check.ts.
import { readFileSync } from 'node:fs';
import type { CheckContext } from '../../gates/model.ts';
import type { Attachment, TestEnd } from '../instruments/journeys/protocol.ts';
import { secretsInTrace } from '../instruments/journeys/trace-secrets.ts';

/** Attached by the journeys' fixture: what a page did, as watchPage() wrote it down. */
export const PAGE_RECORD = 'page-record.json';

const TRACE = 'application/zip';

/** Every attempt at a test that did not pass at once: of a flaky one the one that failed and the one that passed. */
export function telling(ends: readonly TestEnd[]): readonly TestEnd[] {
  const doubtful = new Set(ends.filter(({ status }) => status !== 'passed' && status !== 'skipped').map(testOf));
  return ends.filter((end) => doubtful.has(testOf(end)));
}

const testOf = ({ file, title }: TestEnd): string => `${file}\n${title}`;

/** `journey`: first part of their names. The trace comes first: it tells which values nothing else may show. */
export async function keepAttempt(
  { artifacts, log }: Pick<CheckContext, 'artifacts' | 'log'>,
  journey: string,
  { attempt, attachments }: TestEnd,
): Promise<void> {
  const traceFirst = attachments.toSorted((a, b) => Number(b.contentType === TRACE) - Number(a.contentType === TRACE));
  for (const [index, attachment] of traceFirst.entries()) {
    const bytes = bytesOf(attachment);
    if (bytes === undefined) continue;
    const name = `critical-paths/${journey}/attempt-${attempt + 1}/${index === 0 ? '' : `${index}-`}${fileName(attachment)}`;
    const secrets = attachment.contentType === TRACE ? readSecrets(bytes) : [];
    if (secrets === undefined) log(`${name} is not kept: it could not be searched for secrets.`);
    else await artifacts.put(name, attachment.contentType, bytes, secrets);
  }
}

function bytesOf({ path, body }: Attachment): Uint8Array | undefined {
  if (path !== undefined) return readFileSync(path);
  return body === undefined ? undefined : Buffer.from(body, 'base64');
}

/** Undefined: nobody can say what is in it. */
function readSecrets(trace: Uint8Array): readonly string[] | undefined {
  try {
    return secretsInTrace(trace);
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
