import { TextQuote } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { classes } from "../design/classes";
import { shortcutLabel } from "../design/platform";
import { useClient } from "../state/context";
import styles from "./QuoteButton.module.css";
import { quote, selectedText } from "./quoting";

const css = classes(styles);

/** How long a selection has to rest, in milliseconds. */
const REST_MS = 150;

/** The room that the button takes above what is selected, in CSS pixels. */
const ROOM = 40;

/** How near the edge of the window its middle may be, in CSS pixels. */
const EDGE = 56;

/** A selection that can be quoted, and where the button stands, in CSS pixels. */
interface Offer {
  readonly text: string;
  readonly left: number;
  readonly top: number;
}

/** Offers to quote what is selected in an answer. */
export default function QuoteButton() {
  const client = useClient();
  const [offer, setOffer] = useState<Offer | null>(null);
  useEffect(() => watch(setOffer), []);
  if (offer === null) return null;
  const { left, top, text } = offer;
  return createPortal(
    <button
      type="button"
      className={css("button")}
      style={{ left, top }}
      data-testid="quote-selection"
      data-hint="Quote in your message"
      data-keys={shortcutLabel("J")}
      // The selection stays until it is quoted.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        setOffer(null);
        quote(client, text);
      }}
    >
      <TextQuote size={14} aria-hidden="true" />
      Quote
    </button>,
    document.body,
  );
}

/** Tells of what is selected once the selection rests, and when it is gone. */
function watch(tell: (offer: Offer | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let held = false;
  const look = () => {
    const selection = document.getSelection();
    const text = selectedText(selection);
    if (text === null || selection === null) return tell(null);
    tell({ text, ...beside(selection.getRangeAt(0)) });
  };
  const later = () => {
    clearTimeout(timer);
    tell(null);
    if (!held) timer = setTimeout(look, REST_MS);
  };
  const listening = new AbortController();
  const { signal } = listening;
  const options = { signal, capture: true };
  document.addEventListener("selectionchange", later, { signal });
  document.addEventListener(
    "pointerdown",
    ({ target }) => {
      held = !(target instanceof Element && target.closest("[data-testid=quote-selection]") !== null);
    },
    options,
  );
  document.addEventListener(
    "pointerup",
    () => {
      if (!held) return;
      held = false;
      later();
    },
    options,
  );
  document.addEventListener(
    "pointercancel",
    () => {
      held = false;
    },
    options,
  );
  document.addEventListener("scroll", later, options);
  // Something may have been selected before this was there.
  later();
  return () => {
    listening.abort();
    clearTimeout(timer);
  };
}

/** Above what is selected, or below it where there is no room. */
function beside(range: Range): { readonly left: number; readonly top: number } {
  const { left, width, top, bottom } = range.getBoundingClientRect();
  const middle = Math.min(Math.max(left + width / 2, EDGE), window.innerWidth - EDGE);
  const above = top - ROOM;
  const below = Math.min(bottom + 8, window.innerHeight - 2 * ROOM);
  return { left: middle, top: above > ROOM ? above : Math.max(below, ROOM) };
}
