import { useContext, useLayoutEffect, useRef, useState } from "react";
import { classes } from "../design/classes";
import type { Patch } from "../gen/Patch";
import type { Badge as BadgeLook } from "../gen/widget/Badge";
import type { Size } from "../gen/widget/Size";
import type { Text as TextNode } from "../gen/widget/Text";
import type { TextLook } from "../gen/widget/TextLook";
import { MarkdownDocument } from "../markdown";
import { usePicturesInText } from "../pictures/inText";
import { ClientContext } from "../state/context";
import { BADGE_SIZES, CAPTION_SIZES, endOf, TEXT_SIZES, TITLE_SIZES, textSizeOf, textStyle } from "./look";
import { between } from "./patches";
import styles from "./words.module.css";

const css = classes(styles);

interface WordsProps {
  readonly value: string;
  readonly look: TextLook;
}

/** What is cut off can still be read in full by pointing at it. */
function titleOf({ value, look }: WordsProps): string | undefined {
  return endOf(look) === null ? undefined : value;
}

export function Title(props: WordsProps) {
  const { value, look } = props;
  const style = { ...textStyle(look), fontSize: textSizeOf(TITLE_SIZES, look.size, "md") };
  return (
    <h3 className={css("words", "title", endOf(look))} style={style} title={titleOf(props)} dir="auto">
      {value}
    </h3>
  );
}

export function Caption(props: WordsProps) {
  const { value, look } = props;
  const style = { ...textStyle(look), fontSize: textSizeOf(CAPTION_SIZES, look.size, "md") };
  return (
    <p className={css("words", "caption", endOf(look))} style={style} title={titleOf(props)} dir="auto">
      {value}
    </p>
  );
}

export function Text({ text }: { readonly text: TextNode }) {
  const { value, look } = text;
  const style = {
    ...textStyle(look),
    fontSize: textSizeOf(TEXT_SIZES, look.size, "md"),
    minBlockSize: text.min_lines === null ? undefined : `${text.min_lines}lh`,
    width: text.width ?? undefined,
    fontStyle: text.italic ? "italic" : undefined,
  };
  const names = css(
    "words",
    "text",
    endOf(look),
    text.line_through && "struck",
    text.streaming && "streaming",
  );
  return (
    <p
      className={names}
      style={style}
      title={titleOf(text)}
      aria-busy={text.streaming || undefined}
      dir="auto"
    >
      {text.line_through ? <s>{value}</s> : value}
    </p>
  );
}

interface MarkdownProps {
  readonly patches: readonly Patch[];
  readonly streaming: boolean;
}

/** Markdown, drawn by the same hand as answers. The server sends all of it with each change; only the rest is drawn. */
export function Markdown({ patches, streaming }: MarkdownProps) {
  // Outside the window, as in a test of one component, links and buttons in it do nothing.
  const client = useContext(ClientContext);
  const [document] = useState(() => new MarkdownDocument());
  const drawn = useRef<readonly Patch[]>([]);
  const element = useRef<HTMLDivElement>(null);
  const { picture, portals } = usePicturesInText();
  useLayoutEffect(() => {
    document.apply(between(drawn.current, patches));
    drawn.current = patches;
  }, [document, patches]);
  useLayoutEffect(() => {
    if (element.current === null) return;
    return document.mount(element.current, {
      openLink: (href) => client?.openLink(href),
      copyText: (text) => client?.copyText(text),
      ...(client === null ? {} : { picture }),
    });
  }, [client, document, picture]);
  return (
    <>
      <div
        ref={element}
        className={css("markdown", streaming && "streaming")}
        aria-busy={streaming || undefined}
        dir="auto"
      />
      {portals}
    </>
  );
}

/** Badges mean what buttons do, but for the two words that only say how much they stand out. */
export function Badge({ badge }: { readonly badge: BadgeLook }) {
  const { label, color, variant, size, pill } = badge;
  const style = { fontSize: textSizeOf(BADGE_SIZES, size, "md") };
  const names = css(
    "badge",
    color ?? "secondary",
    BADGE_VARIANTS[variant ?? "soft"],
    pill && "pill",
    room(size),
  );
  return (
    <span className={names} style={style} dir="auto">
      {label}
    </span>
  );
}

/** A badge is no control: what a ghost would be is its soft look. */
const BADGE_VARIANTS = { solid: "solid", soft: "soft", outline: "outline", ghost: "soft" } as const;

function room(size: Size | null): "tight" | "wide" | null {
  if (size === "lg") return "wide";
  return size === "sm" ? "tight" : null;
}
