const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;

/** The version of a PKCS#8 key: INTEGER 0. */
const VERSION = Uint8Array.of(0x02, 0x01, 0x00);

/** AlgorithmIdentifier of rsaEncryption, 1.2.840.113549.1.1.1 with NULL (RFC 8017, appendix A.1). */
// deno-fmt-ignore
const RSA_ENCRYPTION = Uint8Array.of(
  0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
);

/** Wraps the DER of a PKCS#1 RSAPrivateKey into PKCS#8, the only form WebCrypto imports. */
export function pkcs8FromPkcs1(key: Uint8Array): Uint8Array<ArrayBuffer> {
  return tlv(SEQUENCE, VERSION, RSA_ENCRYPTION, tlv(OCTET_STRING, key));
}

/** Wraps the DER of a PKCS#1 RSAPublicKey into SubjectPublicKeyInfo, the only form WebCrypto imports. */
export function spkiFromPkcs1(key: Uint8Array): Uint8Array<ArrayBuffer> {
  const noUnusedBits = Uint8Array.of(0);
  return tlv(SEQUENCE, RSA_ENCRYPTION, tlv(BIT_STRING, noUnusedBits, key));
}

/** Encodes one DER element: tag, length (below 64 KiB, in its shortest form), content. */
function tlv(tag: number, ...content: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const low = length & 0xff;
  const size = length < 0x80 ? [low] : length < 0x100 ? [0x81, low] : [0x82, length >> 8, low];
  return Uint8Array.from([tag, ...size, ...content.flatMap((part) => [...part])]);
}
