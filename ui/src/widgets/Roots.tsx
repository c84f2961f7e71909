import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { classes } from "../design/classes";
import type { Card as CardNode } from "../gen/widget/Card";
import type { ListView as ListViewNode } from "../gen/widget/ListView";
import type { Node } from "../gen/widget/Node";
import type { Status as StatusLook } from "../gen/widget/Status";
import type { Theme } from "../gen/widget/Theme";
import { CardFrame, ItemFrame } from "./frames";
import { Icon } from "./Icon";
import { Box } from "./Layout";
import { ALIGN, borderStyle, CARD_SIZES, colorOf, paddingStyle, type Style, sizeOf } from "./look";
import { keyed, type NodeOf } from "./nodes";
import { Picture } from "./Picture";
import styles from "./roots.module.css";
import { useOverflow } from "./useOverflow";

const css = classes(styles);

/** The name of the class that forces a scheme. */
function scheme(theme: Theme | null): "always-light" | "always-dark" | null {
  return theme && `always-${theme}`;
}

/** What stands above a card or a list. */
function Status({ status }: { readonly status: StatusLook }) {
  return (
    <div className={css("status")}>
      {status.favicon !== null ? (
        <span className={css("favicon", status.frame && "framed")}>
          <Picture src={status.favicon} alt="" fit="cover" />
        </span>
      ) : (
        status.icon !== null && <Icon name={status.icon} />
      )}
      <span className={css("status-text")} dir="auto">
        {status.text}
      </span>
    </div>
  );
}

/** A card: what stands above it, and what it holds in the frame that its form and its buttons need. */
export function Card({ card, children }: { readonly card: CardNode; readonly children: ReactNode }) {
  const { size, theme, status, buttons } = card;
  const style: Style = {
    inlineSize: sizeOf(CARD_SIZES, size, "md"),
    backgroundColor: colorOf(card.background),
    ...borderStyle(card.border),
  };
  // Absent, a padding is the usual one; what goes to the edge has to know it.
  const { top, right, bottom, left } = card.padding ?? {};
  const inner: Style = {
    "--inset-top": notNegative(top),
    "--inset-right": notNegative(right),
    "--inset-bottom": notNegative(bottom),
    "--inset-left": notNegative(left),
    ...paddingStyle(card.padding),
  };
  const isLast = buttons.confirm === null && buttons.cancel === null;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useOverflow(scroller, content, "Card");
  return (
    <div className={css("card", scheme(theme))} style={style}>
      {status !== null && <Status status={status} />}
      <div ref={scroller} className={css("inner")} style={inner}>
        <CardFrame card={card}>
          <div ref={content} className={css("body", isLast && "last")}>
            {children}
          </div>
        </CardFrame>
      </div>
    </div>
  );
}

function notNegative(length: string | null | undefined): string | undefined {
  return length?.startsWith("-") ? undefined : (length ?? undefined);
}

/** How many lines of a list are drawn at once, whatever its server says. */
const AT_ONCE = 100;

interface ListViewProps {
  readonly list: ListViewNode;
  readonly draw: (node: Node) => ReactNode;
}

/** A list: as many lines as its server says, and more on demand. */
export function ListView({ list, draw }: ListViewProps) {
  const { children, limit, status, theme } = list;
  const [more, setMore] = useState(0);
  const count = Math.min(Math.min(limit ?? AT_ONCE, AT_ONCE) + more, children.length);
  const first = useRef<HTMLLIElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useRef<HTMLUListElement>(null);
  useOverflow(scroller, lines, "List");
  const [from, setFrom] = useState<number | null>(null);
  // Whoever asked for more goes on at the first of it: the button may be gone.
  useLayoutEffect(() => {
    if (from !== null) first.current?.focus({ preventScroll: true });
  }, [from]);

  function showMore() {
    setFrom(count);
    setMore(more + AT_ONCE);
  }

  return (
    <div className={css("card", "list", scheme(theme))}>
      {status !== null && <Status status={status} />}
      <div ref={scroller} className={css("scroller")}>
        <ul ref={lines}>
          {keyed(children.slice(0, count)).map(([key, node], index) => (
            <li key={key} className={css("line")} {...(index === from && { ref: first, tabIndex: -1 })}>
              {draw(node)}
            </li>
          ))}
        </ul>
      </div>
      {count < children.length && (
        <Button className={css("more")} onPress={showMore}>
          Show more <span className={css("count")}>{children.length - count}</span>
        </Button>
      )}
    </div>
  );
}

interface ListViewItemProps {
  readonly node: NodeOf<"ListViewItem">;
  readonly children: ReactNode;
}

/** A line of a list. */
export function ListViewItem({ node, children }: ListViewItemProps) {
  const { gap, align } = node;
  const style: Style = {
    gap: notNegative(gap),
    alignItems: align === null ? undefined : ALIGN[align],
  };
  return (
    <ItemFrame node={node}>
      <div className={css("item")} style={style}>
        {children}
      </div>
    </ItemFrame>
  );
}

/** A root without a look of its own, but for a scheme that it forces. */
export function Basic({ node, children }: { readonly node: NodeOf<"Basic">; readonly children: ReactNode }) {
  return (
    <div className={css("basic", scheme(node.theme))}>
      <Box kind="basic" look={node.look}>
        {children}
      </Box>
    </div>
  );
}
