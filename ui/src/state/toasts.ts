import { UNSTABLE_ToastQueue as ToastQueue } from "react-aria-components";
import { Store } from "./store";

/** How long a deletion can be undone from its toast, in milliseconds. */
export const UNDO_MS = 8000;

/** Something said for a moment at the lower edge. */
export interface Toast {
  readonly text: string;
  /** What can be undone, if anything. */
  readonly undo?: () => void;
}

/** The toasts of a window; one is shown at a time. */
export class Toasts {
  /** Whether anything was said yet: until then there is no place for it. */
  readonly said = new Store(false);
  readonly queue = new ToastQueue<Toast>({ maxVisibleToasts: 1 });

  /** Says something; it takes the place of what was said before. */
  say(toast: Toast): void {
    this.said.set(true);
    this.queue.clear();
    const key = this.queue.add(toast);
    // Not the queue's own time: that waits while the pointer is on the toast, and the core does not wait with it.
    setTimeout(() => this.queue.close(key), UNDO_MS);
  }

  /** Undoes what the visible toast offers, and says whether there was anything. */
  undo(): boolean {
    const visible = this.queue.visibleToasts[0];
    if (visible?.content.undo === undefined) return false;
    visible.content.undo();
    this.queue.close(visible.key);
    return true;
  }
}
