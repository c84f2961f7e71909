/** What the core has of a picture. */
export type PictureAnswer =
  | { readonly type: "picture"; readonly blob: Blob; readonly width: number; readonly height: number }
  /** The person has to be asked first whether this host may know. */
  | { readonly type: "not_allowed"; readonly host: string };

/** The kinds of pictures, as the core numbers them; 0 says that a host is not allowed, and its name follows. */
const TYPES = [null, "image/png", "image/jpeg", "image/gif", "image/webp"] as const;

/** The kind, the width and the height, before the bytes of a picture. */
const HEAD = 9;

/** Reads the core's answer: bytes, since a picture as JSON would be many times as large. */
export function pictureAnswer(raw: unknown): PictureAnswer {
  const bytes = bytesOf(raw);
  const [kind] = bytes;
  if (kind === 0) return { type: "not_allowed", host: new TextDecoder().decode(bytes.subarray(1)) };
  const type = TYPES[kind ?? TYPES.length];
  if (type === undefined || type === null || bytes.length <= HEAD) {
    throw new TypeError(`the core sent no picture, but ${bytes.length} bytes that begin with ${kind}`);
  }
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD);
  return {
    type: "picture",
    blob: new Blob([bytes.subarray(HEAD)], { type }),
    width: head.getUint32(1),
    height: head.getUint32(5),
  };
}

/** Reads the core's answer about a file that may be no picture: then there are no bytes. */
export function previewAnswer(raw: unknown): Blob | null {
  if (bytesOf(raw).length === 0) return null;
  const answer = pictureAnswer(raw);
  return answer.type === "picture" ? answer.blob : null;
}

function bytesOf(raw: unknown): Uint8Array<ArrayBuffer> {
  return raw instanceof ArrayBuffer ? new Uint8Array(raw) : Uint8Array.from(raw as ArrayLike<number>);
}
