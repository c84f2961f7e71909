// Opens the list of models some times, and measures the time from each press until its first row has been painted; then
// searches, letter by letter. Presses are made by the script: what they take in the program is the same.
const { openings, sought } = given;
window.listed = null;

const button = () => document.querySelector("[data-testid=model-button]");
const sheet = () => document.querySelector("[role=listbox][aria-label=Models]");
const rows = () => sheet()?.querySelectorAll("[role=option]") ?? [];

// Resolves once something holds and has been painted.
function painted(holds) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    function frame() {
      if (holds()) port2.postMessage(null);
      else if (performance.now() - began > 10_000) reject(new Error("the list did not change"));
      else requestAnimationFrame(frame);
    }
    requestAnimationFrame(frame);
  });
}

async function opened() {
  const began = performance.now();
  button().click();
  return (await painted(() => rows().length > 3)) - began;
}

async function closed() {
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  await painted(() => sheet() === null);
}

async function type(field, text) {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const before = [...rows()].map((row) => row.textContent).join();
  const began = performance.now();
  set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const changed = () => [...rows()].map((row) => row.textContent).join() !== before;
  return text.endsWith(" ") ? null : (await painted(changed)) - began;
}

async function run() {
  const times = { first: await opened(), opened: [], found: [] };
  for (let opening = 0; opening < openings; opening += 1) {
    await closed();
    times.opened.push(await opened());
  }
  const field = document.activeElement;
  for (let letters = sought.indexOf(" ") + 2; letters <= sought.length; letters += 1) {
    times.found.push(await type(field, sought.slice(0, letters)));
  }
  window.listed = times;
}

run().catch((error) => {
  window.listed = { trouble: String(error) };
});
