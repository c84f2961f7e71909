/** What scrolls sideways if its content is wider than itself. */
interface Watched {
  readonly scroller: HTMLElement;
  readonly content: Element;
  readonly label: string;
}

/** Makes what scrolls sideways reachable by keyboard and known by name, and only while it does scroll. */
export class Overflow {
  readonly #watched = new Map<Element, Watched>();
  readonly #observer = new ResizeObserver((changes) => {
    const scrollers = new Set<Watched>();
    for (const { target } of changes) {
      const watched = this.#watched.get(target);
      if (watched !== undefined) scrollers.add(watched);
    }
    for (const watched of scrollers) settle(watched);
  });

  watch(scroller: HTMLElement, content: Element, label: string): void {
    const watched = { scroller, content, label };
    for (const target of [scroller, content]) {
      this.#watched.set(target, watched);
      this.#observer.observe(target);
    }
  }

  /** Forgets a scroller that is no longer on the page. */
  forget(scroller: Element): void {
    const watched = this.#watched.get(scroller);
    if (watched === undefined) return;
    for (const target of [watched.scroller, watched.content]) {
      this.#watched.delete(target);
      this.#observer.unobserve(target);
    }
  }

  end(): void {
    this.#observer.disconnect();
    this.#watched.clear();
  }
}

function settle({ scroller, label }: Watched): void {
  const scrolls = scroller.scrollWidth > scroller.clientWidth + 1;
  if (scrolls === scroller.hasAttribute("tabindex")) return;
  if (scrolls) {
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "region");
    scroller.setAttribute("aria-label", label);
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) scroller.removeAttribute(name);
  }
}
