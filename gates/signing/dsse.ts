// DSSE v1 (github.com/secure-systems-lab/dsse): which bytes are signed, and the envelope that carries payload and signature. Called by whoever signs and verifies.
import { z } from 'zod';

/** in-toto attestation framework v1, envelope: a JSON object with a `_type`. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** The one spelling of its bytes: base64 has spare bits and alphabets in which a changed letter would go unseen. */
const base64 = z.string().refine((text) => text !== '' && Buffer.from(text, 'base64').toString('base64') === text, 'standard base64, padded');

/** One signature an envelope: who signs next stands on what was signed before, on a line of its own. */
export const Envelope = z.strictObject({
  payload: base64,
  payloadType: z.literal(PAYLOAD_TYPE),
  signatures: z.tuple([z.strictObject({ keyid: z.string().min(1), sig: base64 })]),
});
export type Envelope = z.infer<typeof Envelope>;

/** DSSE v1, protocol: `PAE(type, body)`. */
export function preAuthEncoding(body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${body.length} `), body]);
}

/** What is to be signed for a statement: the payload's bytes, and the encoding that the key signs. */
export function toBeSigned(statement: object): { readonly payload: Uint8Array; readonly message: Uint8Array } {
  const payload = Buffer.from(JSON.stringify(statement));
  return { payload, message: preAuthEncoding(payload) };
}

export function envelopeOf(payload: Uint8Array, keyid: string, signature: Uint8Array): Envelope {
  return {
    payload: Buffer.from(payload).toString('base64'),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ keyid, sig: Buffer.from(signature).toString('base64') }],
  };
}

export function openEnvelope({ payload, signatures }: Envelope): {
  readonly payload: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
} {
  const bytes = Buffer.from(payload, 'base64');
  return { payload: bytes, message: preAuthEncoding(bytes), signature: Buffer.from(signatures[0].sig, 'base64') };
}
