// Writes and reads the one kind of tar that a bundle is: ustar (POSIX.1-1988), plain files, no times, no owners — so that equal content is equal bytes. Called by bundle.

export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
/** POSIX ustar header: length of the name, offsets of what follows. */
const NAME = 100;
/** Mode, owner, group: 8 bytes each. */
const MODE_AT = 100;
const SIZE_AT = 124;
const MODIFIED_AT = 136;
const CHECKSUM_AT = 148;
const CHECKSUM_LENGTH = 8;
const TYPE_AT = 156;
const MAGIC_AT = 257;

/** Throws RangeError for a name that ustar's first field cannot hold. */
export function writeTar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ name, bytes }) => [header(name, bytes.length), Buffer.from(bytes), Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, size: number): Buffer {
  if (!/^[\x21-\x7e]+$/.test(name) || name.length >= NAME) throw new RangeError(`"${name}" cannot be a name in a bundle.`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write('0000644\x000000000\x000000000\0', MODE_AT, 'latin1');
  block.write(`${size.toString(8).padStart(11, '0')}\0`, SIZE_AT, 'latin1');
  block.write('00000000000\0', MODIFIED_AT, 'latin1');
  block.write(' '.repeat(CHECKSUM_LENGTH), CHECKSUM_AT);
  block.write('0', TYPE_AT);
  block.write('ustar\x0000', MAGIC_AT, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM_AT, 'latin1');
  return block;
}

/** Throws RangeError for every byte that `writeTar` would not have written: a reader that forgives would let two bundles mean one. */
export function readTar(content: Uint8Array): TarFile[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const files: TarFile[] = [];
  let at = 0;
  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    const name = bytes.toString('latin1', at, at + NAME).replace(/\0.*$/s, '');
    const digits = bytes.toString('latin1', at + SIZE_AT, at + SIZE_AT + 11);
    if (!/^[0-7]{11}$/.test(digits)) throw new RangeError(`the size of "${name}" cannot be read`);
    const size = Number.parseInt(digits, 8);
    const start = at + BLOCK;
    if (start + size > bytes.length) throw new RangeError(`"${name}" is cut off`);
    files.push({ name, bytes: bytes.subarray(start, start + size) });
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  if (!isWrittenBy(files, bytes)) throw new RangeError('it is no bundle, or was changed: a header, the padding or the end is not as it was written');
  return files;
}

function isWrittenBy(files: readonly TarFile[], bytes: Buffer): boolean {
  try {
    return writeTar(files).equals(bytes);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
