import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

// A machine that is busy with other things is no failure.
configure({ asyncUtilTimeout: 10_000 });

// jsdom draws nothing, but asks every rule of every style sheet about each element whose role is looked up: most of the
// time of a test. Class names are all that is looked at here.
new MutationObserver(() => {
  for (const style of document.head.querySelectorAll("style")) style.remove();
}).observe(document.head, { childList: true });

// jsdom has no layout. The list draws what fits, so everything gets a size: rows of 40 in a window of 4,000 pixels, or in
// a list of 400 to choose from.
const ROW = 40;
const WINDOW = 4000;
const LIST = 400;

function height(element: HTMLElement): number {
  if (element.querySelector("[role=log]") !== null) return WINDOW;
  return ["listbox", "tree"].includes(element.getAttribute("role") ?? "") ? LIST : ROW;
}

// It has no scrolling and no escaping of selectors either.
Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollBy = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, "\\$&") } as typeof CSS;

// Nor has it media queries; the one that is asked for is about the width. "../test/window" changes that.
window.matchMedia = (query) => {
  const limit = Number(/width < (\d+)px/.exec(query)?.[1] ?? 0);
  return {
    get matches() {
      return window.innerWidth < limit;
    },
    addEventListener: (_: string, listener: EventListener) => window.addEventListener("resize", listener),
    removeEventListener: (_: string, listener: EventListener) =>
      window.removeEventListener("resize", listener),
  } as MediaQueryList;
};

afterEach(() => {
  window.innerWidth = 1024;
});

class Observer implements ResizeObserver {
  readonly #callback: ResizeObserverCallback;

  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback;
  }

  observe(target: Element): void {
    const contentRect = { width: 800, height: (target as HTMLElement).offsetHeight } as DOMRectReadOnly;
    queueMicrotask(() => this.#callback([{ target, contentRect } as ResizeObserverEntry], this));
  }

  unobserve(): void {}

  disconnect(): void {}
}

globalThis.ResizeObserver = Observer;

function define(name: string, get: (this: HTMLElement) => unknown) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get });
}

define("offsetParent", () => document.body);
define("offsetHeight", function () {
  return height(this);
});
define("offsetWidth", () => 800);
define("clientHeight", function () {
  return height(this);
});
