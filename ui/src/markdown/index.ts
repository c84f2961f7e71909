import type { Patch } from "../gen/Patch";
import { Drawing, type Wishes } from "./drawing";
import { Tree } from "./tree";

export type { PictureWish, Wishes } from "./drawing";

/** How many documents there were; each gets a number, so that ids on the page differ. */
let documents = 0;

/**
 * A text in Markdown, as the core sends it: patches of typed nodes. It keeps the text whether it is on the page or not,
 * and while it is, a patch costs what it changes. Nothing in it is ever read as HTML.
 */
export class MarkdownDocument {
  readonly #tree = new Tree();
  readonly #prefix: string;
  #drawing: Drawing | null = null;
  #plainText: string | null = null;
  #broken = false;

  constructor(patches: readonly Patch[] = []) {
    documents += 1;
    this.#prefix = `note-${documents}`;
    this.apply(patches);
  }

  /** The words without the markup. */
  get plainText(): string {
    this.#plainText ??= this.#tree.plainText();
    return this.#plainText;
  }

  /** Whether a patch did not fit. Such patches are left out; what could be understood is there. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Applies patches, here and on the page. */
  apply(patches: readonly Patch[]): void {
    for (const patch of patches) {
      const misfit = this.#tree.misfit(patch);
      if (misfit !== null) {
        this.#breakDown(misfit);
        continue;
      }
      // What goes is known only until the tree forgets it.
      if (patch.op === "cut") this.#drawing?.apply(patch);
      this.#tree.apply(patch);
      if (patch.op !== "cut") this.#drawing?.apply(patch);
    }
    if (patches.length > 0) this.#plainText = null;
  }

  /**
   * Draws the text into an element and keeps it up to date there, until the returned function takes it away. It is in
   * one place at a time.
   */
  mount(place: HTMLElement, wishes: Wishes): () => void {
    this.#drawing?.end();
    const drawing = new Drawing(this.#tree, this.#prefix, wishes);
    this.#drawing = drawing;
    place.append(drawing.root);
    return () => {
      drawing.end();
      if (this.#drawing === drawing) this.#drawing = null;
    };
  }

  #breakDown(misfit: string): void {
    if (this.#broken) return;
    this.#broken = true;
    // biome-ignore lint/suspicious/noConsole: a fault of the program, for who develops it; the person reads on
    console.error(`Markdown: a patch was left out: ${misfit}`);
  }
}
