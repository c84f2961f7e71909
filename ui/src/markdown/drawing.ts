import type { Node as MarkdownNode } from "../gen/Node";
import type { Patch } from "../gen/Patch";
import { Around } from "./around";
import { appendToLine, GROUP, lineGroup, paintLine, sayCopied, wholeLineGroup } from "./code";
import { css, element } from "./elements";
import { type Drawn, draw } from "./nodes";
import { Overflow } from "./overflow";
import { type Entry, ROOT, type Tree } from "./tree";

/** What a document asks of the window around it. */
export interface Wishes {
  /** Opens an address; it is http, https or mailto. */
  openLink(href: string): void;
  /** Puts text on the clipboard. */
  copyText(text: string): void;
  /** Shows the sources of a mark beside it: while it is looked at, or because it was pressed. Without it marks do nothing. */
  showSources?(numbers: readonly number[], mark: HTMLElement, how: "look" | "leave" | "open"): void;
  /**
   * Draws a picture into an element, until the returned function is called. Without it a picture is a link with its words.
   */
  picture?(place: HTMLElement, picture: PictureWish): () => void;
}

/** A picture in the text. */
export interface PictureWish {
  readonly url: string;
  /** What is seen on it; may be empty. */
  readonly alt: string;
  /** The words in its place, where there is room for nothing that can be pressed: it stands in a link. */
  readonly instead: string | null;
}

/** How many blocks of the top level the page lays out apart from the others. */
const CHUNK = 32;

/** How many rows of a table are laid out together: a new one has only those around it laid out anew. */
const ROWS = 64;

/** By which the sources of a mark come and go. */
const LOOKS = [
  ["pointerover", "look"],
  ["focusin", "look"],
  ["pointerout", "leave"],
  ["focusout", "leave"],
] as const;

const DOCUMENT = css("document");
const CHUNK_CLASS = css("chunk");

/**
 * A tree on the page. Each patch costs what it changes, and nothing that stands before the change is touched. It holds
 * by the id of a node what was drawn of it.
 */
export class Drawing {
  readonly #tree: Tree;
  readonly #prefix: string;
  readonly #wishes: Wishes;
  readonly #root = element("div", DOCUMENT);
  readonly #drawn: Drawn[] = [{ top: this.#root, holder: this.#root }];
  readonly #blocks = new WeakMap<Element, number>();
  readonly #overflow = new Overflow();
  /** Makes the groups of lines: while the text is drawn that is there already, and after that. */
  #group = wholeLineGroup;
  /** The buttons that say that they have copied, and when they stop. */
  readonly #saying = new Map<Element, ReturnType<typeof setTimeout>>();

  constructor(tree: Tree, prefix: string, wishes: Wishes) {
    this.#tree = tree;
    this.#prefix = prefix;
    this.#wishes = wishes;
    this.#root.addEventListener("click", (event) => this.#clicked(event));
    this.#root.addEventListener("auxclick", (event) => this.#clicked(event));
    for (const [type, how] of LOOKS) this.#root.addEventListener(type, (event) => this.#looked(event, how));
    for (let id = 1; id <= tree.last; id += 1) this.#open(id);
    this.#group = lineGroup;
  }

  /** The element of the whole. */
  get root(): HTMLElement {
    return this.#root;
  }

  /** Draws a patch that the tree has taken; a cut is drawn before, while the tree still knows what goes. */
  apply(patch: Patch): void {
    switch (patch.op) {
      case "open":
        this.#open(patch.id);
        break;
      case "append":
        this.#append(patch.id, patch.text);
        break;
      case "paint": {
        const { top } = this.#at(patch.id);
        if (top instanceof HTMLElement) paintLine(top, this.#tree.entry(patch.id).text, patch.spans);
        break;
      }
      case "cut":
        this.#cut(patch.from);
        break;
    }
  }

  /** Takes everything off the page. */
  end(): void {
    for (const timer of this.#saying.values()) clearTimeout(timer);
    this.#overflow.end();
    for (const { leaves } of this.#drawn) leaves?.();
    this.#root.remove();
  }

  #at(id: number): Drawn {
    const drawn = this.#drawn[id];
    if (drawn === undefined) throw new RangeError(`node ${id} is not drawn`);
    return drawn;
  }

  #open(id: number): void {
    const entry = this.#tree.entry(id);
    if (!isNode(entry)) return;
    const drawn = draw(entry, new Around(this.#tree, id, this.#prefix), this.#wishes);
    this.#drawn.push(drawn);
    if (drawn.copies !== undefined) this.#blocks.set(drawn.copies, id);
    this.#slot(entry).append(drawn.top);
    if (drawn.scrolls !== undefined) this.#overflow.watch(...drawn.scrolls);
  }

  /** Where a node goes: into its parent, or into what its parent groups its children by. */
  #slot({ parent, index, node }: Entry): Element {
    const holder = this.#at(parent).holder;
    if (holder === null) throw new RangeError(`node ${parent} has no children`);
    if (parent === ROOT) return grouped(holder, index % CHUNK === 0, () => element("div", CHUNK_CLASS));
    if (node.type === "code_line") return grouped(holder, index % GROUP === 0, this.#group);
    if (node.type === "table_row") {
      const tag = node.head ? "thead" : "tbody";
      const isFull = index % ROWS === 0 || holder.lastElementChild?.localName !== tag;
      return grouped(holder, isFull, () => element(tag));
    }
    return holder;
  }

  #append(id: number, text: string): void {
    const { top } = this.#at(id);
    if (top instanceof Text) top.appendData(text);
    else if (top instanceof HTMLElement) appendToLine(top, text);
  }

  #cut(from: number): void {
    for (let id = this.#drawn.length - 1; id >= from; id -= 1) {
      const { top, scrolls, copies, leaves } = this.#at(id);
      if (scrolls !== undefined) this.#overflow.forget(scrolls[0]);
      if (copies !== undefined) this.#hush(copies);
      leaves?.();
      // What stands in something that goes as well goes with it.
      const { parent } = this.#tree.entry(id);
      if (parent >= from) continue;
      const group = top.parentElement;
      top.remove();
      if (group !== null && group !== this.#at(parent).holder && group.childElementCount === 0)
        group.remove();
    }
    this.#drawn.length = from;
  }

  #clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest("a, button") : null;
    if (target === null || !this.#root.contains(target)) return;
    if (target.localName === "a") {
      // The page never follows a link by itself.
      event.preventDefault();
      const href = target.getAttribute("href") ?? "";
      const isMain = event.type === "click" || event.button === 1;
      if (!isMain || href === "") return;
      if (href.startsWith("#")) this.#goTo(href.slice(1));
      else this.#wishes.openLink(href);
      return;
    }
    if (event.type === "click" && this.#looked(event, "open")) return;
    const block = this.#blocks.get(target);
    if (block === undefined || event.type !== "click" || !(target instanceof HTMLButtonElement)) return;
    this.#wishes.copyText(this.#tree.codeOf(block));
    this.#hush(target);
    this.#saying.set(target, sayCopied(target));
  }

  /** Something happened at the mark of sources; false if it was elsewhere. */
  #looked(event: Event, how: "look" | "leave" | "open"): boolean {
    const mark = event.target instanceof Element ? event.target.closest("button[data-sources]") : null;
    if (!(mark instanceof HTMLElement)) return false;
    const numbers = (mark.dataset["sources"] ?? "").split(" ").map(Number);
    this.#wishes.showSources?.(numbers, mark, how);
    return true;
  }

  #hush(button: Element): void {
    clearTimeout(this.#saying.get(button));
    this.#saying.delete(button);
  }

  /** Shows a place of this document, and goes on from there by keyboard. */
  #goTo(id: string): void {
    const target = document.getElementById(id);
    if (target === null || !this.#root.contains(target)) return;
    target.querySelector("a")?.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }
}

function isNode(entry: Entry): entry is Entry & { readonly node: MarkdownNode } {
  return entry.node.type !== "root";
}

/** The last group of a holder, or a new one. */
function grouped(holder: Element, isFull: boolean, make: () => Element): Element {
  const last = holder.lastElementChild;
  if (last !== null && !isFull) return last;
  const group = make();
  holder.append(group);
  return group;
}
