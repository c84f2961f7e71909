import type { ExchangeDetail } from "../gen/ExchangeDetail";
import type { Recording } from "../gen/Recording";
import type { ThreadId } from "../gen/ThreadId";
import type { WireHit } from "../gen/WireHit";
import type { WireNews } from "../gen/WireNews";
import type { WireText } from "../gen/WireText";

type Call = <T>(command: string, args?: Readonly<Record<string, unknown>>) => Promise<T>;

/** The part of the host that shows what goes over the wire. None of it holds a secret. */
export interface WireHost {
  /** Without it the developer view has nothing to show: nothing is recorded until somebody wants it. */
  recordWire(recording: Recording): Promise<void>;
  /** Without it a page that is loaded anew closes the developer view. */
  wireRecording(): Promise<Recording>;
  /** Without it what was recorded stays until it makes room or the program ends. */
  clearWire(): Promise<void>;
  /** Answers what came since a revision, and waits for some while if nothing did; `null` is everything. */
  wireNews(thread: ThreadId | null, after: number): Promise<WireNews>;
  /** Without it nobody sees headers and what was sent. */
  wireExchange(exchange: number): Promise<ExchangeDetail>;
  /** Without it nobody sees more of an event than its beginning. */
  wireFrame(exchange: number, index: number): Promise<WireText>;
  /** Without it a request is typed by hand to be sent again. */
  wireCurl(exchange: number): Promise<string>;
  /** Without it only what is listed can be searched, and not what was sent and received. */
  wireFind(thread: ThreadId | null, text: string): Promise<WireHit[]>;
  /** Asks where, and saves one exchange there, or all; answers where, and `null` if nowhere after all. */
  saveWire(thread: ThreadId | null, exchange: number | null): Promise<string | null>;
}

/** That part over a bridge. */
export function wireCommands(call: Call): WireHost {
  return {
    recordWire: (recording) => call("record_wire", { recording }),
    wireRecording: () => call("wire_recording"),
    clearWire: () => call("clear_wire"),
    wireNews: (thread, after) => call("wire_news", { thread, after }),
    wireExchange: (exchange) => call("wire_exchange", { exchange }),
    wireFrame: (exchange, index) => call("wire_frame", { exchange, index }),
    wireCurl: (exchange) => call("wire_curl", { exchange }),
    wireFind: (thread, text) => call("wire_find", { thread, text }),
    saveWire: (thread, exchange) => call("save_wire", { thread, exchange }),
  };
}
