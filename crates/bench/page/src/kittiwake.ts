import { MarkdownDocument } from "../../../../ui/src/markdown";
import type { Renderer } from "./renderers";

/** The product's own: patches that the core made, applied as the window does. */
export const kittiwake: Renderer = (place) => {
  const shown = new MarkdownDocument();
  const unmount = shown.mount(place, { openLink: () => undefined, copyText: () => undefined });
  return {
    push({ batches }) {
      for (const patches of batches) shown.apply(patches);
      if (shown.broken) throw new Error("a patch did not fit");
    },
    end: unmount,
  };
};
