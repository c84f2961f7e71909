import { type ReactNode, useState } from "react";
import { classes } from "../design/classes";
import type { BoxLook } from "../gen/widget/BoxLook";
import type { DividerLook } from "../gen/widget/DividerLook";
import styles from "./layout.module.css";
import { boxStyle, colorOf, fills, type Style } from "./look";

const css = classes(styles);

interface BoxProps {
  readonly kind: "box" | "row" | "col" | "basic";
  readonly look: BoxLook;
  readonly children: ReactNode;
}

/** Something that holds others: a Box, a Row, a Col, or what is in a Basic. */
export function Box({ kind, look, children }: BoxProps) {
  const direction = look.direction ?? (kind === "row" ? "row" : "col");
  return (
    <div
      className={css("box", kind, direction === "row" ? "across" : "down", fills(look) && "fills")}
      style={boxStyle(look)}
    >
      {children}
    </div>
  );
}

/** Room that pushes its neighbours apart, along their direction. */
export function Spacer({ minSize }: { readonly minSize: string | null }) {
  const isLength = minSize !== null && !minSize.startsWith("-");
  return <div className={css("spacer")} style={{ flexBasis: isLength ? minSize : undefined }} />;
}

/** A line between neighbours, across their direction. */
export function Divider({ look }: { readonly look: DividerLook }) {
  const style: Style = {
    "--divider-color": colorOf(look.color),
    "--divider-size": look.size ?? undefined,
    "--divider-spacing": look.spacing?.startsWith("-") ? undefined : (look.spacing ?? undefined),
  };
  return <hr className={css("divider")} style={style} data-flush={look.flush || undefined} />;
}

interface TransitionProps {
  /** By what the child is known; another one takes its place with a movement. */
  readonly of: string | null;
  readonly children: ReactNode;
}

/** Its child comes softly where it takes the place of another. The first one is simply there. */
export function Transition({ of, children }: TransitionProps) {
  const [first] = useState(of);
  const [changed, setChanged] = useState(false);
  if (!changed && of !== first) setChanged(true);
  return (
    <div key={of} className={css("transition", changed && "coming")}>
      {children}
    </div>
  );
}
