// Asks for one answer after the other, as a person would: into the composer, and with its button. After some of them a
// new conversation is begun.
const { count, each } = given;
window.asked = 0;

const pause = () => new Promise((resolve) => setTimeout(resolve, 4));

async function until(condition) {
  for (;;) {
    const found = condition();
    if (found) return found;
    await pause();
  }
}

const field = () => document.querySelector("[data-testid=composer-input]:not(:disabled)");
const button = () => document.querySelector("[data-action=send]:not(:disabled)");
const answers = () => document.querySelectorAll("[data-kind=assistant_message][data-stage=done]");
const write = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;

async function ask(number) {
  const before = new Set([...answers()].map((answer) => answer.dataset.id));
  write.call(await until(field), `Question ${number}: what is there to know about this?`);
  field().dispatchEvent(new Event("input", { bubbles: true }));
  (await until(button)).click();
  const fresh = () => [...answers()].some((answer) => !before.has(answer.dataset.id));
  await until(() => document.querySelector("[data-testid=thread][data-phase=idle]") !== null && fresh());
}

(async () => {
  for (let number = 0; number < count; number += 1) {
    if (number % each === 0) {
      window.dispatchEvent(new KeyboardEvent("keydown", { key: "n", code: "KeyN", ctrlKey: true, bubbles: true }));
      await until(() => document.querySelector("[data-testid=start]"));
    }
    await ask(number);
    window.asked += 1;
  }
})();
