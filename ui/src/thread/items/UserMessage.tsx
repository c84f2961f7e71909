import { AtSign, Copy, File, FileText, Image, RotateCcw } from "lucide-react";
import { toolOf } from "../../composer/tools/tool";
import { Button, LightButton } from "../../design/Button";
import { classes } from "../../design/classes";
import type { AttachmentView } from "../../gen/AttachmentView";
import type { ThreadId } from "../../gen/ThreadId";
import { Picture } from "../../pictures/Picture";
import { useClient, useConnection, useOpenThread } from "../../state/context";
import { DetailsButton } from "./Details";
import type { ItemProps } from "./Item";
import styles from "./items.module.css";

const css = classes(styles);

/** What the person wrote: plain text, as it was typed, with what was mentioned in it and sent with it. */
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
          <Words body={body} />
        </div>
      )}
      {body.attachments.length > 0 && (
        <ul className={css("attachments")} aria-label="Files">
          {body.attachments.map((file, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and the list never changes its order
            <li key={index}>
              <Attachment thread={thread} file={file} />
            </li>
          ))}
        </ul>
      )}
      <Asked model={body.model} tool={body.tool} />
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

/** The text; what was mentioned stands in it as chips. */
function Words({ body }: Pick<ItemProps<"user_message">, "body">) {
  if (!body.parts.some(({ type }) => type === "tag")) return body.text;
  return body.parts.map((part, index) =>
    part.type === "text" ? (
      part.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place and by nothing else
      <span key={index} className={css("tag")} title={part.group ?? undefined}>
        <AtSign size={12} aria-hidden="true" />
        <bdi>{part.text.replace(/^@/, "")}</bdi>
        {part.group !== null && <span className="visually-hidden"> ({part.group})</span>}
      </span>
    ),
  );
}

/** A file of the message; a picture as it is, where the server says where it has it. */
function Attachment({ thread, file }: { readonly thread: ThreadId; readonly file: AttachmentView }) {
  if (file.is_image && file.preview_url !== null) {
    return (
      <div className={css("pictured")} title={file.name}>
        <Picture thread={thread} url={file.preview_url} alt={file.name} />
      </div>
    );
  }
  const Icon = file.is_image ? Image : file.mime_type.startsWith("text/") ? FileText : File;
  return (
    <div className={css("file")}>
      <Icon size={13} aria-hidden="true" />
      {file.is_image && <span className="visually-hidden">Picture: </span>}
      <bdi title={file.mime_type === "" ? undefined : file.mime_type}>{file.name}</bdi>
    </div>
  );
}

/** The model and the tool that were chosen for this message, the tool by what its profile calls it. */
function Asked({ model, tool }: { readonly model: string | null; readonly tool: string | null }) {
  const profile = useConnection()?.profile ?? null;
  if (tool === null && model === null) return null;
  return (
    <p className={css("asked")}>
      {tool !== null && (
        <span>
          Tool: <bdi>{toolOf(profile, tool)?.label ?? tool}</bdi>
        </span>
      )}
      {model !== null && (
        <span>
          Model: <bdi>{model}</bdi>
        </span>
      )}
    </p>
  );
}

/** That it is on its way; while it waits for its server, the thread's end says so. */
function Sending() {
  const held = useOpenThread(({ thread }) => thread?.turn.phase === "held");
  return held ? null : <span className={css("mark", "late")}>Sending…</span>;
}
