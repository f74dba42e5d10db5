// The rows of one side as they come: a window of bytes that begins at a row. Used by compare-ordered.ts.
// Its memory is used again and again: a buffer for each piece made the collector take half of the comparison's time.
import type { CopyOut } from '../../../gates/model.ts';
import { MESSAGE_HEADER_BYTES } from '../../instruments/database/copy-out.ts';

/** `PGCOPY\n\377\r\n\0`, flags, length of the header's extension (PostgreSQL, "COPY", Binary Format). */
const FILE_HEADER_BYTES = 19;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** A message that carries nothing but the trailer, -1 as a 16-bit integer. */
const TRAILER_BYTES = MESSAGE_HEADER_BYTES + 2;

/** Bytes of a row message's own header and of its number of fields. */
export const ROW_PREFIX_BYTES = MESSAGE_HEADER_BYTES + 2;

/** Room to begin with; a long row makes more. */
const ROOM_BYTES = 512 * 1024;

export class RowWindow {
  /** What has come stands between `start` and `end`; valid until the next `fill`. */
  bytes: Buffer = Buffer.allocUnsafeSlow(ROOM_BYTES);
  /** Where the next row begins in `bytes`. */
  start = 0;
  end = 0;
  private ended = false;
  private readonly source: CopyOut;

  constructor(source: CopyOut) {
    this.source = source;
  }

  get available(): number {
    return this.end - this.start;
  }

  /** Strips the file's header. Throws where the bytes are no binary COPY. */
  async open(): Promise<void> {
    await this.have(MESSAGE_HEADER_BYTES + FILE_HEADER_BYTES);
    const signature = this.bytes.subarray(this.start + MESSAGE_HEADER_BYTES, this.start + MESSAGE_HEADER_BYTES + SIGNATURE.length);
    if (!signature.equals(SIGNATURE)) throw new Error('The server sent no binary COPY.');
    const length = this.bytes.readUInt32BE(this.start + 1);
    this.start += FILE_HEADER_BYTES;
    if (length === 4 + FILE_HEADER_BYTES) {
      // A message of its own.
      this.start += MESSAGE_HEADER_BYTES;
      return;
    }
    // The first row shares its message with the header: it gets a frame as all others have.
    this.bytes[this.start] = 0x64;
    this.bytes.writeUInt32BE(length - FILE_HEADER_BYTES, this.start + 1);
  }

  /** Waits until so many bytes are there. Throws where the stream ends before. */
  async have(count: number): Promise<void> {
    while (this.available < count) if (!(await this.fill())) throw new Error('The rows ended in the middle of a row.');
  }

  /** One more piece; false at the end. */
  async fill(): Promise<boolean> {
    if (this.ended) return false;
    const chunk = await this.source.next();
    if (chunk === undefined) {
      this.ended = true;
      return false;
    }
    this.makeRoom(chunk.length);
    chunk.copy(this.bytes, this.end);
    this.end += chunk.length;
    return true;
  }

  private makeRoom(bytes: number): void {
    if (this.end + bytes <= this.bytes.length) return;
    const { available } = this;
    const to = available + bytes <= this.bytes.length ? this.bytes : Buffer.allocUnsafeSlow(2 * (available + bytes));
    this.bytes.copy(to, 0, this.start, this.end);
    this.bytes = to;
    this.start = 0;
    this.end = available;
  }

  /** Bytes of the next row's message. At least a message's header must be there. */
  get rowBytes(): number {
    return this.bytes.readUInt32BE(this.start + 1) + 1;
  }

  /** Whether no row follows. `ROW_PREFIX_BYTES` must be there. */
  get isAtEnd(): boolean {
    return this.rowBytes === TRAILER_BYTES && this.bytes.readInt16BE(this.start + MESSAGE_HEADER_BYTES) === -1;
  }
}
