/**
 * What is spent on drawing outside of a frame's own step: React's later tasks, and observers of sizes. It is counted
 * into the frame that caused it. This module is loaded before React, which takes `setImmediate` where there is one.
 */
let spent = 0;

/** The milliseconds since it was last asked. */
export function takeSpent(): number {
  const since = spent;
  spent = 0;
  return since;
}

function timed<Given extends unknown[]>(work: (...given: Given) => void): (...given: Given) => void {
  return (...given) => {
    const begun = performance.now();
    try {
      work(...given);
    } finally {
      spent += performance.now() - begun;
    }
  };
}

const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = timed(() => waiting.shift()?.());

Object.assign(globalThis, {
  setImmediate: (task: () => void) => {
    waiting.push(task);
    channel.port2.postMessage(null);
  },
  ResizeObserver: class extends ResizeObserver {
    constructor(callback: ResizeObserverCallback) {
      super(timed(callback));
    }
  },
});

/** The smallest step of the page's clock, in milliseconds. */
export function resolution(): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let steps = 0; steps < 50; steps += 1) {
    const begun = performance.now();
    let now = begun;
    while (now === begun) now = performance.now();
    smallest = Math.min(smallest, now - begun);
  }
  return smallest;
}
