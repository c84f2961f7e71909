import { Check, Copy, RotateCcw, SquareDashed } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import { LightButton } from "../../design/Button";
import { classes } from "../../design/classes";
import { later } from "../../later";
import { useClient } from "../../state/context";
import { ActingContext } from "../../widgets/acting";
import { isEmpty, nameOf } from "../../widgets/nodes";
import { useActing } from "../../widgets/useActing";
import { DetailsButton } from "./Details";
import type { ItemProps } from "./Item";
import styles from "./items.module.css";

const css = classes(styles);

// Its pictures, controls and charts are more than the rest of a conversation, and few conversations have one.
const Root = later(() => import("../../widgets/Root"));

/** A card, a list or a form of the server's. */
export function Widget(props: ItemProps<"widget">) {
  const { thread, item, body } = props;
  const acting = useActing(thread, item.id);
  const { root } = body;
  if (root === null || isEmpty(root)) return <Empty isGrowing={item.stage === "streaming"} />;
  const name = nameOf(root);
  return (
    <section className={css("assistant")} aria-label={name === null ? "Widget" : `Widget: ${name}`}>
      <h2 className="visually-hidden">Assistant</h2>
      <ActingContext value={acting}>
        <Suspense>
          <Root node={root} />
        </Suspense>
      </ActingContext>
      {item.stage !== "streaming" && <Foot {...props} />}
    </section>
  );
}

/** Nothing to see: said, because something was sent. */
function Empty({ isGrowing }: { readonly isGrowing: boolean }) {
  if (isGrowing) return null;
  return (
    <p className={css("unknown")}>
      <SquareDashed size={14} aria-hidden="true" />
      The server sent a widget with nothing in it.
    </p>
  );
}

/** What can be done with the widget as a whole, where there is anything. */
function Foot({ item, body, canRetry }: ItemProps<"widget">) {
  const client = useClient();
  if (body.copy_text === null && !item.details && !canRetry) return null;
  return (
    <div className={css("row")}>
      <div className={css("actions", canRetry && "lasting")}>
        {body.copy_text !== null && <CopyButton text={body.copy_text} />}
        {item.details && <DetailsButton details={item.details} />}
        {canRetry && (
          <LightButton label="Try again" data-testid="try-again" onPress={() => client.retry()}>
            <RotateCcw size={15} />
          </LightButton>
        )}
      </div>
    </div>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const client = useClient();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <LightButton
      label={copied ? "Copied" : "Copy as text"}
      onPress={() => {
        client.copyText(text);
        setCopied(true);
      }}
    >
      {copied ? <Check size={15} /> : <Copy size={15} />}
    </LightButton>
  );
}
