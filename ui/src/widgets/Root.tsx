import "./tokens.css";
import { useRef, useState } from "react";
import { classes } from "../design/classes";
import type { Node } from "../gen/widget/Node";
import { Component } from "./Component";
import { WidgetScope } from "./frames";
import styles from "./roots.module.css";
import { shared } from "./share";
import { useOverflow } from "./useOverflow";

const css = classes(styles);

/** A widget as a whole, within its bounds. Only what differs from what was there before is drawn anew. */
export default function Root({ node }: { readonly node: Node }) {
  const [kept, setKept] = useState(node);
  const next = shared(kept, node);
  if (next !== kept) setKept(next);
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useOverflow(scroller, content, "Widget");
  const hasEdge = next.type === "Card" || next.type === "ListView";
  const theme = "theme" in next ? next.theme : null;
  return (
    <div ref={scroller} className={css("root")} data-testid="widget">
      <div
        ref={content}
        className={css("content", !hasEdge && "edged", !hasEdge && theme && `always-${theme}`)}
      >
        <WidgetScope>
          <Component node={next} />
        </WidgetScope>
      </div>
    </div>
  );
}
