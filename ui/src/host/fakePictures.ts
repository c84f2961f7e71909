import type { Args, FakeCore } from "./fake";

/** One pixel, as a PNG. */
const BASE64 =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** What the fake core has of pictures: those at one host that is allowed, and at others once the person allows them. */
export class FakePictures {
  /** The hosts that need no question. */
  readonly allowed = new Set<string>(["own.example"]);
  /** How large every picture says that it is. */
  size = { width: 640, height: 480 };
  /** While there is one, nothing is answered before it is settled. */
  gate: Promise<void> | null = null;

  async answer({ url, once, always }: Args): Promise<ArrayBuffer> {
    if (always !== null) this.allowed.add(always as string);
    await this.gate;
    const { host } = new URL(url as string);
    if (!this.allowed.has(host) && !(once as readonly string[]).includes(host)) {
      return Uint8Array.of(0, ...new TextEncoder().encode(host)).buffer;
    }
    return pixel(this.size);
  }
}

export function pictureCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  return { picture: (args) => core.pictures.answer(args) };
}

/** A picture of one pixel as the core sends it, which says that it is so large. */
function pixel({ width, height }: { readonly width: number; readonly height: number }): ArrayBuffer {
  const head = new DataView(new ArrayBuffer(9));
  head.setUint8(0, 1);
  head.setUint32(1, width);
  head.setUint32(5, height);
  const bytes = Array.from(atob(BASE64), (char) => char.charCodeAt(0));
  return Uint8Array.of(...new Uint8Array(head.buffer), ...bytes).buffer;
}

export const PIXEL: ArrayBuffer = pixel({ width: 1, height: 1 });
