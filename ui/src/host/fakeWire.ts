import type { ExchangeDetail } from "../gen/ExchangeDetail";
import type { ExchangeView } from "../gen/ExchangeView";
import type { Recording } from "../gen/Recording";
import type { WireFrame } from "../gen/WireFrame";
import type { WireHit } from "../gen/WireHit";
import type { WireNews } from "../gen/WireNews";
import type { Args, FakeCore } from "./fake";

/** What the fake core has of the wire: what a test puts there. */
export class FakeWire {
  recording: Recording = "off";
  hits: WireHit[] = [];
  detail: ExchangeDetail = {
    request_headers: [
      { name: "Accept", value: "text/event-stream" },
      { name: "Authorization", value: "Bearer [redacted]" },
    ],
    request: { text: '{"type":"threads.create","params":{"input":{}}}', left_out: 0 },
    answer_headers: [{ name: "content-type", value: "text/event-stream" }],
  };
  #revision = 1;
  #exchanges: { view: ExchangeView; at: number }[] = [];
  #frames: { frame: WireFrame; at: number }[] = [];
  readonly #waiting = new Set<() => void>();

  /** Something goes over the wire. */
  put(view: ExchangeView, ...frames: WireFrame[]): void {
    this.#revision += 1;
    const at = this.#revision;
    this.#exchanges = [...this.#exchanges.filter((known) => known.view.id !== view.id), { view, at }];
    this.#frames.push(...frames.map((frame) => ({ frame, at })));
    for (const wake of [...this.#waiting]) wake();
    this.#waiting.clear();
  }

  clear(): void {
    this.#revision += 1;
    this.#exchanges = [];
    this.#frames = [];
    for (const wake of [...this.#waiting]) wake();
    this.#waiting.clear();
  }

  async news(after: number): Promise<WireNews> {
    if (after >= this.#revision) await new Promise<void>((wake) => this.#waiting.add(wake));
    return {
      revision: this.#revision,
      kept: this.#exchanges.map(({ view }) => view.id),
      dropped: 0,
      exchanges: this.#exchanges.filter(({ at }) => at > after).map(({ view }) => view),
      frames: this.#frames.filter(({ at }) => at > after).map(({ frame }) => frame),
      more: false,
    };
  }
}

const wires = new WeakMap<FakeCore, FakeWire>();

/** The wire of a fake core. */
export function fakeWire(core: FakeCore): FakeWire {
  const known = wires.get(core) ?? new FakeWire();
  wires.set(core, known);
  return known;
}

export function fakeWireCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  const wire = fakeWire(core);
  return {
    record_wire: ({ recording }) => {
      wire.recording = recording as Recording;
    },
    wire_recording: () => wire.recording,
    clear_wire: () => wire.clear(),
    wire_news: ({ after }) => wire.news(after as number),
    wire_exchange: () => structuredClone(wire.detail),
    wire_frame: ({ index }) => ({ text: `{"type":"a","index":${String(index)}}`, left_out: 0 }),
    wire_curl: () => `curl -N -i -X POST 'https://a.example' -H "Authorization: Bearer $TOKEN"`,
    wire_find: () => wire.hits,
    save_wire: () => "~/trace.txt",
  };
}
