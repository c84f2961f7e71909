import { Copy, Paperclip, RotateCcw } from "lucide-react";
import { Button, LightButton } from "../../design/Button";
import { classes } from "../../design/classes";
import { useClient, useOpenThread } from "../../state/context";
import { DetailsButton } from "./Details";
import type { ItemProps } from "./Item";
import styles from "./items.module.css";

const css = classes(styles);

/** What the person wrote: plain text, as it was typed. */
export function UserMessage({ thread, item, body, canRetry }: ItemProps<"user_message">) {
  const client = useClient();
  return (
    <div className={css("user")}>
      <h2 className="visually-hidden">You</h2>
      {body.quotedText !== null && <blockquote className={css("quoted")}>{body.quotedText}</blockquote>}
      {body.text !== "" && (
        <div
          className={css("bubble", item.stage === "unsent" && "unsent")}
          data-testid="message-text"
          dir="auto"
        >
          {body.text}
        </div>
      )}
      {body.attachments.length > 0 && (
        <ul className={css("attachments")} aria-label="Files">
          {body.attachments.map((name, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and the list never changes its order
            <li key={index}>
              <Paperclip size={13} aria-hidden="true" />
              {name}
            </li>
          ))}
        </ul>
      )}
      <div className={css("row", "end")}>
        {item.stage === "sending" && <Sending />}
        {item.stage === "unsent" && <span className={css("mark", "bad")}>Not sent</span>}
        <div className={css("actions")}>
          <LightButton label="Copy message" onPress={() => client.copyItem(thread, item.id)}>
            <Copy size={15} />
          </LightButton>
          {item.details && <DetailsButton details={item.details} />}
        </div>
        {canRetry && item.stage !== "sending" && (
          <Button weight="quiet" data-testid="try-again" onPress={() => client.retry()}>
            <RotateCcw size={14} aria-hidden="true" />
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

/** That it is on its way; while it waits for its server, the thread's end says so. */
function Sending() {
  const held = useOpenThread(({ thread }) => thread?.turn.phase === "held");
  return held ? null : <span className={css("mark", "late")}>Sending…</span>;
}
