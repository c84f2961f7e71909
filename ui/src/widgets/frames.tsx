import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "react-aria-components";
import { classes } from "../design/classes";
import type { Card } from "../gen/widget/Card";
import type { Confirming } from "../gen/widget/Confirming";
import type { Node } from "../gen/widget/Node";
import { ActionButton, SubmitButton } from "./controls/ActionButton";
import { useAction } from "./controls/actions";
import "./controls/colours.css";
import { FormScope } from "./controls/forms";
import { WidgetScope } from "./controls/scope";
import styles from "./frames.module.css";

export { WidgetScope } from "./controls/scope";

const css = classes(styles);

/**
 * What a card does: it is a form where the server says so, has two buttons at its foot, and hides what it holds when it
 * is collapsed. How its children stand is up to whoever draws them.
 */
export function CardFrame({ card, children }: { readonly card: Card; readonly children: ReactNode }) {
  // Then its status is all there is.
  if (card.collapsed && card.children.length === 0) return null;
  const whole = <Body card={card}>{children}</Body>;
  return (
    <WidgetScope>
      {card.as_form ? (
        <FormScope action={card.buttons.confirm?.action ?? null} place="card" className={css("frame")}>
          {whole}
        </FormScope>
      ) : (
        <div className={css("frame")}>{whole}</div>
      )}
    </WidgetScope>
  );
}

function Body({ card, children }: { readonly card: Card; readonly children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const hides = card.collapsed && card.children.length > 0;
  return (
    <>
      {hides && (
        <Button
          className={css("summary")}
          aria-expanded={isOpen}
          aria-controls={id}
          onPress={() => setOpen(!isOpen)}
        >
          <ChevronRight size={15} aria-hidden="true" />
          <span className={css("words")}>{summaryOf(card)}</span>
        </Button>
      )}
      <div id={id} className={css("body")} hidden={hides && !isOpen}>
        {children}
      </div>
      {!card.collapsed && <Bar buttons={card.buttons} isForm={card.as_form} />}
    </>
  );
}

/** What is read of a card while it is collapsed: its first words, unless its status above says what it is. */
function summaryOf({ children, status }: Card): string {
  return status === null ? (firstWords(children) ?? "Card") : "Details";
}

function firstWords(nodes: readonly Node[]): string | null {
  for (const node of nodes) {
    const isText = node.type === "Title" || node.type === "Text" || node.type === "Caption";
    const words = isText ? node.value.trim() : "children" in node ? firstWords(node.children) : null;
    if (words !== null && words !== "") return words;
  }
  return null;
}

function Bar({
  buttons: { confirm, cancel },
  isForm,
}: {
  readonly buttons: Confirming;
  readonly isForm: boolean;
}) {
  if (confirm === null && cancel === null) return null;
  return (
    <div className={css("bar")}>
      {cancel !== null && <Cancel label={cancel.label} action={cancel.action} />}
      {confirm !== null && <Confirm label={confirm.label} action={confirm.action} isForm={isForm} />}
    </div>
  );
}

type BarAction = NonNullable<Confirming["confirm"]>;

function Cancel({ label, action }: BarAction) {
  const { press, loading, blocked } = useAction(action, "card");
  return (
    <ActionButton
      look={{ tone: "secondary", variant: "outline", size: "md" }}
      isBusy={loading}
      isDisabled={blocked}
      onPress={() => press()}
    >
      {label}
    </ActionButton>
  );
}

/** In a form the main button submits it, which asks its fields first. */
function Confirm({ label, action, isForm }: BarAction & { readonly isForm: boolean }) {
  const { press, loading, blocked } = useAction(action, "card");
  const shared = {
    look: { tone: "primary", variant: "solid", size: "md" } as const,
    isBusy: loading,
    isDisabled: blocked,
    children: label,
  };
  if (isForm) return <SubmitButton {...shared} own={() => press()} />;
  return <ActionButton {...shared} onPress={() => press()} />;
}

/** A line of a list: one that does something is a button over the whole of it, below what can be used in it. */
export function ItemFrame({
  node,
  children,
}: {
  readonly node: Extract<Node, { type: "ListViewItem" }>;
  readonly children: ReactNode;
}) {
  const { press, loading, blocked } = useAction(node.on_click, "item");
  const id = useId();
  if (node.on_click === null) return <div className={css("item")}>{children}</div>;
  return (
    <div className={css("item", "live")} aria-busy={loading}>
      <Button className={css("press")} aria-labelledby={id} isDisabled={blocked} onPress={() => press()} />
      <div id={id} className={css("content")}>
        {children}
      </div>
    </div>
  );
}
