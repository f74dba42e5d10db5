// The encoding of SSH (RFC 4251 §5): length-prefixed strings and numbers, read with bounds. Called by the SSH keys and signatures.

export interface WireReader {
  uint32(): number;
  /** A length, then as many bytes. */
  string(): Buffer;
  text(): string;
  bytes(count: number): Buffer;
  /** Throws where anything is left. */
  end(): void;
}

/** Everything throws RangeError where the bytes end too early. */
export function readWire(input: Uint8Array): WireReader {
  const bytes = Buffer.from(input);
  let at = 0;
  const take = (count: number): Buffer => {
    if (at + count > bytes.length) throw new RangeError(`ends after ${bytes.length} bytes, where ${at + count} are announced`);
    at += count;
    return bytes.subarray(at - count, at);
  };
  const uint32 = (): number => take(4).readUInt32BE();
  const string = (): Buffer => take(uint32());
  return {
    uint32,
    string,
    text: () => string().toString('latin1'),
    bytes: take,
    end() {
      if (at !== bytes.length) throw new RangeError(`${bytes.length - at} bytes too many`);
    },
  };
}

export function wireString(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A positive number of at most `size` bytes, left-padded to it; `size` absent: without its sign byte. Throws RangeError where it is negative, padded or too long. */
export function unsignedNumber(mpint: Uint8Array, size?: number): Buffer {
  const bytes = Buffer.from(mpint);
  const [first = 0, second = 0] = bytes;
  if (bytes.length === 0 || first > 0x7f || (first === 0 && second < 0x80)) throw new RangeError('a number is negative or not in its shortest form');
  const digits = first === 0 ? bytes.subarray(1) : bytes;
  if (size === undefined) return digits;
  if (digits.length > size) throw new RangeError(`a number has ${digits.length} bytes, at most ${size} are right`);
  return Buffer.concat([Buffer.alloc(size - digits.length), digits]);
}
