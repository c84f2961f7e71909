import { Check, CircleSlash, Copy, RotateCcw, ThumbsDown, ThumbsUp, Unplug } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { LightButton } from "../../design/Button";
import { classes } from "../../design/classes";
import type { FeedbackKind } from "../../gen/FeedbackKind";
import type { MarkdownDocument } from "../../markdown";
import { usePicturesInText } from "../../pictures/inText";
import { useClient } from "../../state/context";
import { DetailsButton, OtherModel } from "./Details";
import type { ItemProps } from "./Item";
import styles from "./items.module.css";
import { Sources } from "./Sources";

const css = classes(styles);

/** What the assistant wrote: text without a frame, its sources, and what can be done with it. */
export function AssistantMessage(props: ItemProps<"assistant_message">) {
  const { item, body, told } = props;
  return (
    <div className={css("assistant")}>
      <h2 className="visually-hidden">Assistant</h2>
      <div data-testid="answer-text">
        {body.parts.map((document, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its index and by nothing else
          <Part key={index} document={document} />
        ))}
      </div>
      {body.sources.length > 0 && <Sources sources={body.sources} />}
      {item.stage === "stopped" && (
        <p className={css("mark")}>
          <CircleSlash size={13} aria-hidden="true" />
          Stopped
        </p>
      )}
      {item.stage === "interrupted" && !told && (
        <p className={css("mark", "warned")}>
          <Unplug size={13} aria-hidden="true" />
          Interrupted: the answer is not whole
        </p>
      )}
      {item.details?.is_other_model && <OtherModel details={item.details} />}
      {item.stage !== "streaming" && <Actions {...props} />}
    </div>
  );
}

/** One part's text, which lives outside React: what streams into it draws nothing here again. */
function Part({ document }: { readonly document: MarkdownDocument }) {
  const client = useClient();
  const element = useRef<HTMLDivElement>(null);
  const { picture, portals } = usePicturesInText();
  // Before the first measurement: a message that is empty for a moment would move everything under it.
  useLayoutEffect(() => {
    if (element.current === null) return;
    return document.mount(element.current, {
      openLink: (href) => client.openLink(href),
      copyText: (text) => client.copyText(text),
      picture,
    });
  }, [client, document, picture]);
  return (
    <>
      <div ref={element} className={css("part")} dir="auto" />
      {portals}
    </>
  );
}

function Actions({ thread, item, canRetry, canJudge }: ItemProps<"assistant_message">) {
  const client = useClient();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <div className={css("row")}>
      <div className={css("actions", canRetry && "lasting")}>
        <LightButton
          label={copied ? "Copied" : "Copy message"}
          onPress={() => {
            client.copyItem(thread, item.id);
            setCopied(true);
          }}
        >
          {copied ? <Check size={15} /> : <Copy size={15} />}
        </LightButton>
        {canJudge && <Judgement thread={thread} item={item} />}
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

/** Praise or complaint, for whoever runs the server. */
function Judgement({ thread, item }: Pick<ItemProps<"assistant_message">, "thread" | "item">) {
  const client = useClient();
  const [given, setGiven] = useState<FeedbackKind | null>(null);

  function judge(kind: FeedbackKind) {
    setGiven(kind);
    client.feedback(thread, item.id, kind);
  }

  return (
    <>
      <LightButton label="Good answer" aria-pressed={given === "positive"} onPress={() => judge("positive")}>
        <ThumbsUp size={15} fill={given === "positive" ? "currentColor" : "none"} />
      </LightButton>
      <LightButton label="Bad answer" aria-pressed={given === "negative"} onPress={() => judge("negative")}>
        <ThumbsDown size={15} fill={given === "negative" ? "currentColor" : "none"} />
      </LightButton>
    </>
  );
}
