import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import { classes } from "../design/classes";
import type { DisclaimerView } from "../gen/DisclaimerView";
import { MarkdownDocument } from "../markdown";
import { MarkdownText } from "../thread/items/MarkdownText";
import styles from "./Disclaimer.module.css";
import { useProfile } from "./profileOf";

const css = classes(styles);

/** What stands below the message field in all conversations with a connection. */
export function Disclaimer() {
  const disclaimer = useProfile()?.disclaimer ?? null;
  return disclaimer === null ? null : <Note disclaimer={disclaimer} />;
}

function Note({ disclaimer }: { readonly disclaimer: DisclaimerView }) {
  // It comes again whenever something is said of connections, and is the same text.
  const said = JSON.stringify(disclaimer.text);
  const document = useMemo(() => new MarkdownDocument(JSON.parse(said)), [said]);
  const element = useRef<HTMLDivElement>(null);
  const scrolls = useScrolls(element);
  return (
    <div
      ref={element}
      className={css("note", disclaimer.high_contrast && "clear")}
      role="note"
      aria-label="About this assistant"
      data-testid="disclaimer"
      // What scrolls has to be reached by the keyboard.
      tabIndex={scrolls ? 0 : undefined}
    >
      <MarkdownText document={document} className={css("text")} />
    </div>
  );
}

/** Whether there is more in an element than it has room for. */
function useScrolls(element: RefObject<HTMLElement | null>): boolean {
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const look = () => setScrolls(current.scrollHeight > current.clientHeight + 1);
    const observer = new ResizeObserver(look);
    observer.observe(current);
    if (current.firstElementChild !== null) observer.observe(current.firstElementChild);
    return () => observer.disconnect();
  }, [element]);
  return scrolls;
}
