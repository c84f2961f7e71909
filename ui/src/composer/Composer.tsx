import { Suspense, useRef } from "react";
import { classes } from "../design/classes";
import type { ThreadStatus } from "../gen/ThreadStatus";
import type { TurnPhase } from "../gen/TurnPhase";
import { later as loadedLater } from "../later";
import { ModelPicker } from "../models/ModelPicker";
import { useApp, useClient, useConnection, useOpenThread, useView } from "../state/context";
import { EMPTY_DRAFT } from "../state/drafts";
import { filesOf } from "../state/files";
import { useStore } from "../state/store";
import { AttachButton } from "./attachments/AttachButton";
import { Attachments } from "./attachments/Attachments";
import { DropOverlay } from "./attachments/DropOverlay";
import { waitsFor } from "./attachments/words";
import styles from "./Composer.module.css";
import { Field } from "./Field";
import { openQuestions } from "./open";
import { placeholder } from "./placeholder";
import { Quote } from "./Quote";
import { SendOrStop } from "./SendOrStop";
import { ToolBar } from "./tools/ToolBar";
import { useEditor } from "./useEditor";
import { WindowMeter } from "./WindowMeter";

const css = classes(styles);

const Questions = loadedLater(() => import("./Questions"));

const HINT = "composer-hint";

const ACTIVE: ThreadStatus = { type: "active" };

/** Where the person writes. One button: it sends, or stops what is coming. */
export function Composer() {
  const client = useClient();
  const open = useView((view) => view.open);
  const starting = useView((view) => view.starting);
  const connection = useConnection();
  const status = useOpenThread((state) => state.thread?.view.status ?? ACTIVE);
  const phase = useOpenThread((state) => state.thread?.turn.phase ?? "idle");
  const ready = useOpenThread((state) => open === null || state.thread !== null);
  const { text, tool } = useStore(client.drafts.all, (all) => all.get(open) ?? EMPTY_DRAFT);
  const asking = useOpenThread((state) => openQuestions(state.thread));
  const files = useApp((state) => state.files);
  const attached = filesOf(files, open, connection);
  const waits = waitsFor(attached);
  const running = phase !== "idle" || starting;
  const takes = status.type === "active" && connection !== null;
  const isEmpty = text.trim() === "" && attached.length === 0;
  const canSend = takes && ready && !running && !isEmpty && waits === null;
  const editing = useEditor(client, open);
  const pressedAt = useRef(Number.NEGATIVE_INFINITY);
  function send() {
    if (!canSend) return;
    void client.send(text);
  }

  if (status.type === "closed") {
    return (
      <div className={css("dock")}>
        <p className={css("closed")} role="status">
          {status.reason ?? "This conversation is closed."}
        </p>
      </div>
    );
  }
  if (open !== null && takes && !running && asking?.body.kind === "structured_input") {
    return (
      <div className={css("dock")}>
        <Suspense fallback={null}>
          <Questions key={asking.id} thread={open} item={asking.id} body={asking.body} />
        </Suspense>
      </div>
    );
  }
  return (
    <div className={css("dock")}>
      <form
        className={css("box", !takes && "locked")}
        onSubmit={(event) => {
          event.preventDefault();
          pressedAt.current = performance.now();
          send();
        }}
      >
        <Attachments files={attached} />
        <Quote />
        <AttachButton disabled={!takes} />
        <Field
          key={open ?? ""}
          editing={editing}
          disabled={!takes}
          label={connection === null ? "Message" : `Message to ${connection.name}`}
          placeholder={placeholder(status, connection, tool, open === null)}
          hint={HINT}
          onSend={send}
        />
        <ModelPicker />
        <SendOrStop running={running && !starting} phase={phase} canSend={canSend} pressedAt={pressedAt} />
        <ToolBar disabled={!takes} onAt={() => editing.editor.at()} />
        <p className={css("hint")} id={HINT} role="status">
          {running && !isEmpty ? later(phase) : (waits ?? "")}
        </p>
      </form>
      <DropOverlay />
      <WindowMeter />
    </div>
  );
}

/** When what is written can be sent. */
function later(phase: TurnPhase): string {
  return phase === "held"
    ? "You can send this after the message that waits."
    : "You can send this when the answer is finished.";
}
