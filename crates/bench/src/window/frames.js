// Measures frames of a stream: how far they are apart, and what the page spends on each that changes something.
//
// `spent` is the script in which the core's messages arrive, and the time from the frame's first callback until style,
// layout and painting are done. `updated` ends before painting: with style and layout, which are asked for here, or
// with what follows from a change of height, of which this observer hears as the last.
const apart = [];
const spent = [];
const updated = [];
let running = false;
let script = 0;
let changed = false;
let before = 0;
let began = 0;
let within = 0;
let laidOut = 0;

const log = document.querySelector("[role=log]");
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  spent.push(within + performance.now() - began);
  updated.push(within + laidOut - began);
};

function timed(callback) {
  return (message) => {
    const start = performance.now();
    callback(message);
    script += performance.now() - start;
  };
}

const { callbacks } = window.__TAURI_INTERNALS__;
const register = callbacks.set;
for (const [id, callback] of callbacks) register.call(callbacks, id, timed(callback));
callbacks.set = (id, callback) => register.call(callbacks, id, timed(callback));

// An observer hears after those that were there before it.
new ResizeObserver(() => {
  laidOut = performance.now();
}).observe(log);

new MutationObserver(() => {
  changed = true;
}).observe(log, { childList: true, characterData: true, subtree: true });

function frame(time) {
  if (!running) return;
  if (before > 0) apart.push(time - before);
  before = time;
  if (changed) {
    began = performance.now();
    within = script;
    log.getBoundingClientRect();
    laidOut = performance.now();
    port2.postMessage(null);
  }
  changed = false;
  script = 0;
  requestAnimationFrame(frame);
}

window.frameTimes = {
  begin() {
    apart.length = 0;
    spent.length = 0;
    updated.length = 0;
    before = 0;
    changed = false;
    script = 0;
    running = true;
    requestAnimationFrame(frame);
  },
  end() {
    running = false;
    return { apart, spent, updated };
  },
};
