import { X } from "lucide-react";
import { flushSync } from "react-dom";
import { LightButton } from "../design/Button";
import { classes } from "../design/classes";
import { useClient, useView } from "../state/context";
import { useStore } from "../state/store";
import { toComposer } from "./place";
import styles from "./Quote.module.css";

const css = classes(styles);

/** The passage that the message replies to, above its words. */
export function Quote() {
  const client = useClient();
  const open = useView((view) => view.open);
  const quoted = useStore(client.drafts.all, (all) => all.get(open)?.quoted_text ?? null);
  if (quoted === null) return null;
  function remove() {
    flushSync(() => client.drafts.change(open, { quoted_text: null }));
    // The button is gone with the quote; the person goes on writing.
    toComposer();
  }
  return (
    <figure className={css("quote")} aria-label="Quote" data-testid="quote">
      <blockquote className={css("text")} dir="auto">
        {quoted}
      </blockquote>
      <LightButton label="Remove quote" onPress={remove}>
        <X size={14} />
      </LightButton>
    </figure>
  );
}
