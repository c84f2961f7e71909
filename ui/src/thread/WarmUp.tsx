import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { classes } from "../design/classes";
import type { Node } from "../gen/Node";
import type { Patch } from "../gen/Patch";
import { MarkdownDocument } from "../markdown";
import styles from "./Thread.module.css";

const css = classes(styles);

/** For how long, in milliseconds: a few frames. */
const DRAWN_MS = 400;

/**
 * Draws, out of sight and for a moment, what answers are made of. The first conversation that is opened would otherwise
 * wait for fonts that were never asked for and for code that never ran.
 */
export function WarmUp() {
  const [done, setDone] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDone(true), DRAWN_MS);
    return () => clearTimeout(timer);
  }, []);
  return done ? null : <Drawn />;
}

function Drawn() {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current === null) return;
    const nothing = () => undefined;
    return new MarkdownDocument(sample()).mount(element.current, { openLink: nothing, copyText: nothing });
  }, []);
  return <div ref={element} className={css("unseen")} aria-hidden="true" />;
}

function sample(): Patch[] {
  const patches: Patch[] = [];
  const open = (parent: number, node: Node) =>
    patches.push({ op: "open", id: patches.length + 1, parent, node });
  const text = (parent: number) => open(parent, { type: "text", text: "Words " });
  const paragraph = open(0, { type: "paragraph" });
  text(paragraph);
  text(open(paragraph, { type: "strong" }));
  text(open(paragraph, { type: "emphasis" }));
  open(paragraph, { type: "code", text: "code" });
  text(open(0, { type: "heading", level: 2 }));
  text(
    open(open(open(0, { type: "list", start: null }), { type: "list_item", checked: null }), {
      type: "paragraph",
    }),
  );
  const row = open(open(0, { type: "table", alignments: ["none"] }), { type: "table_row", head: true });
  text(open(row, { type: "table_cell" }));
  const code = open(0, { type: "code_block", language: "rust" });
  open(code, { type: "code_line", text: "let code = 1;", spans: [] });
  return patches;
}
