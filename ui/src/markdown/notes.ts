import type { Node } from "../gen/Node";

/** What is known of one footnote. */
interface Note {
  readonly number: number;
  /** Its first mark; 0 if there is none yet. */
  mark: number;
  /** The node that explains it; 0 if there is none yet. */
  text: number;
}

/** Numbers footnotes by where their label first stands, and knows what belongs together. */
export class Notes {
  readonly #notes = new Map<string, Note>();
  /** What was first seen at which node, in document order: what to forget when that node is cut. */
  readonly #seen: { readonly id: number; readonly forget: () => void }[] = [];

  /** A node was opened. */
  open(id: number, node: Node): void {
    if (node.type !== "footnote" && node.type !== "footnote_mark") return;
    const note = this.#note(id, node.label);
    const role = node.type === "footnote" ? "text" : "mark";
    if (note[role] !== 0) return;
    note[role] = id;
    this.#seen.push({
      id,
      forget: () => {
        note[role] = 0;
      },
    });
  }

  /** The node and all after it are gone. */
  cut(from: number): void {
    for (let last = this.#seen.at(-1); last !== undefined && last.id >= from; last = this.#seen.at(-1)) {
      last.forget();
      this.#seen.pop();
    }
  }

  /** The number of a footnote whose label was seen. */
  number(label: string): number {
    return this.#notes.get(label)?.number ?? 0;
  }

  /** Whether a node is the first of its role, and so the one that links lead to. */
  leads(id: number, label: string): boolean {
    const note = this.#notes.get(label);
    return note !== undefined && (note.mark === id || note.text === id);
  }

  #note(id: number, label: string): Note {
    const known = this.#notes.get(label);
    if (known !== undefined) return known;
    const note = { number: this.#notes.size + 1, mark: 0, text: 0 };
    this.#notes.set(label, note);
    this.#seen.push({ id, forget: () => this.#notes.delete(label) });
    return note;
  }
}
