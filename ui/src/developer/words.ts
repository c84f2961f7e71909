import type { ExchangeEnd } from "../gen/ExchangeEnd";
import type { ExchangeView } from "../gen/ExchangeView";
import type { FrameKind } from "../gen/FrameKind";
import type { WireFrame } from "../gen/WireFrame";

/** A time in microseconds, for a person. */
export function timeWords(micros: number): string {
  if (micros < 10_000) return `${(micros / 1000).toFixed(1)} ms`;
  if (micros < 1_000_000) return `${Math.round(micros / 1000)} ms`;
  return `${(micros / 1_000_000).toFixed(2)} s`;
}

/** A size in bytes, for a person. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** How an exchange stands, in a word or its status. */
export function stateOf(view: ExchangeView): string {
  if (view.status !== null) return String(view.status);
  return { open: "…", whole: "–", closed: "stopped", failed: "failed" }[view.end.type];
}

/** How it ended, in a sentence. */
export function endWords(end: ExchangeEnd): string {
  switch (end.type) {
    case "open":
      return "Still open.";
    case "whole":
      return "Ended as it should.";
    case "closed":
      return "Closed by Kittiwake: it was stopped, or nobody waited for more.";
    case "failed":
      return end.words;
  }
}

/** Whether an exchange went wrong. */
export function isBad({ end, status }: ExchangeView): boolean {
  return end.type === "failed" || (status !== null && status >= 400);
}

const KINDS: Readonly<Record<FrameKind, string>> = {
  event: "event",
  comment: "comment",
  sent: "sent",
  received: "received",
  body: "body",
};

/** What a piece of an answer is called in a line. */
export function frameName(frame: WireFrame): string {
  return frame.name === "" ? KINDS[frame.kind] : frame.name;
}

/** Text as it is read best: JSON over several lines, anything else as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
