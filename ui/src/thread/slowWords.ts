import type { SlowWhat } from "../gen/SlowWhat";

/** How an answer is slower than usual, at a time in milliseconds since 1970 UTC. */
export function slowWords(what: SlowWhat, now: number): string {
  if (what.type === "rate") {
    return `Usually about ${rate(what.usual)} each second; now it is ${amount(what.now)}.`;
  }
  const usual =
    what.usual_ms < 1000 ? "in less than a second" : `after ${stretch(Math.round(what.usual_ms / 1000))}`;
  const taken = Math.max(0, Math.floor((now - what.since) / 1000));
  return `Usually the first words come ${usual}; this has taken ${stretch(taken)}.`;
}

function rate(pieces: number): string {
  return pieces === 1 ? "1 piece of text comes" : `${amount(pieces)} pieces of text come`;
}

function amount(pieces: number): string {
  return pieces < 10 ? String(Math.round(pieces * 10) / 10) : String(Math.round(pieces));
}

function stretch(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
