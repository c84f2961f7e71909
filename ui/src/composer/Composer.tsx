import { ArrowUp, Square, Undo2 } from "lucide-react";
import { type RefObject, Suspense, useLayoutEffect, useRef } from "react";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import type { ThreadStatus } from "../gen/ThreadStatus";
import type { TurnPhase } from "../gen/TurnPhase";
import { later as loadedLater } from "../later";
import { ModelPicker } from "../models/ModelPicker";
import type { Client } from "../state/client";
import { useApp, useClient, useConnection, useOpenThread, useView } from "../state/context";
import { filesOf } from "../state/files";
import { useStore } from "../state/store";
import { AttachButton } from "./attachments/AttachButton";
import { Attachments } from "./attachments/Attachments";
import { DropOverlay } from "./attachments/DropOverlay";
import { isFiles } from "./attachments/pasted";
import { waitsFor } from "./attachments/words";
import styles from "./Composer.module.css";
import { sends } from "./keys";
import { openQuestions } from "./open";
import { COMPOSER, toComposer } from "./place";
import { WindowMeter } from "./WindowMeter";

const css = classes(styles);

const Questions = loadedLater(() => import("./Questions"));

const HINT = "composer-hint";

/** How long the second press of a double click may come after the first, in milliseconds. */
const DOUBLE_MS = 500;

const ACTIVE: ThreadStatus = { type: "active" };

/** Where the person writes. One button: it sends, or stops what is coming. */
export function Composer() {
  const client = useClient();
  const open = useView((view) => view.open);
  const starting = useView((view) => view.starting);
  const name = useConnection()?.name ?? null;
  const status = useOpenThread((state) => state.thread?.view.status ?? ACTIVE);
  const phase = useOpenThread((state) => state.thread?.turn.phase ?? "idle");
  const ready = useOpenThread((state) => open === null || state.thread !== null);
  const text = useStore(client.drafts.texts, (texts) => texts.get(open) ?? "");
  const asking = useOpenThread((state) => openQuestions(state.thread));
  const files = useApp((state) => state.files);
  const attached = filesOf(files, open, useConnection());
  const waits = waitsFor(attached);
  const running = phase !== "idle" || starting;
  const takes = status.type === "active" && name !== null;
  const isEmpty = text.trim() === "" && attached.length === 0;
  const canSend = takes && ready && !running && !isEmpty && waits === null;
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
        <AttachButton disabled={!takes} />
        <Input
          key={open ?? ""}
          text={text}
          disabled={!takes}
          label={name === null ? "Message" : `Message to ${name}`}
          placeholder={placeholder(status, name, open === null)}
          onSend={send}
        />
        <ModelPicker />
        <SendOrStop running={running && !starting} phase={phase} canSend={canSend} pressedAt={pressedAt} />
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

/** What the button is called that ends a turn, where that is not to stop an answer. */
const STOPS: Readonly<Partial<Record<TurnPhase, string>>> = { held: "Take back", stopping: "Stopping" };

/** Takes back the message that waits for its server; its text is in the field, and so is the person. */
export function takeBack(client: Client) {
  client.stop();
  toComposer();
}

function SendOrStop({
  running,
  phase,
  canSend,
  pressedAt,
}: {
  readonly running: boolean;
  readonly phase: TurnPhase;
  readonly canSend: boolean;
  readonly pressedAt: RefObject<number>;
}) {
  const client = useClient();
  function stop() {
    // One button stands where the other stood: the second press of a double click was not meant for it.
    if (performance.now() - pressedAt.current < DOUBLE_MS) return;
    if (phase === "held") takeBack(client);
    else client.stop();
  }
  return (
    <div className={css("action", running ? "stop" : "send")}>
      {running ? (
        <IconButton
          key="stop"
          data-testid="composer-button"
          data-action="stop"
          label={STOPS[phase] ?? "Stop"}
          hint="Esc"
          isDisabled={phase === "stopping"}
          onPress={stop}
        >
          {phase === "held" ? <Undo2 size={17} /> : <Square size={13} fill="currentColor" />}
        </IconButton>
      ) : (
        <IconButton
          key="send"
          data-testid="composer-button"
          data-action="send"
          type="submit"
          label="Send"
          hint="Enter"
          isDisabled={!canSend}
        >
          <ArrowUp size={18} strokeWidth={2.25} />
        </IconButton>
      )}
    </div>
  );
}

/** The field itself: as high as its text, up to two fifths of the window. */
function Input({
  text,
  disabled,
  label,
  placeholder,
  onSend,
}: {
  readonly text: string;
  readonly disabled: boolean;
  readonly label: string;
  readonly placeholder: string;
  readonly onSend: () => void;
}) {
  const client = useClient();
  const open = useView((view) => view.open);
  const field = useRef<HTMLTextAreaElement>(null);
  const composedAt = useRef<number | null>(null);

  useLayoutEffect(() => field.current?.focus(), []);
  useGrowth(field, text);

  return (
    <textarea
      ref={field}
      id={COMPOSER}
      data-testid="composer-input"
      className={css("input")}
      rows={1}
      dir="auto"
      value={text}
      disabled={disabled}
      aria-label={label}
      aria-describedby={HINT}
      placeholder={placeholder}
      onChange={(event) => client.drafts.write(open, event.currentTarget.value)}
      onPaste={(event) => {
        if (!isFiles(event.clipboardData)) return;
        event.preventDefault();
        void client.files.paste([...event.clipboardData.files]);
      }}
      onCompositionEnd={(event) => {
        composedAt.current = event.timeStamp;
      }}
      onKeyDown={(event) => {
        const { key, keyCode, shiftKey, ctrlKey, metaKey, altKey, timeStamp } = event;
        const { isComposing } = event.nativeEvent;
        const pressed = { key, keyCode, isComposing, shiftKey, ctrlKey, metaKey, altKey, timeStamp };
        if (!sends(pressed, composedAt.current)) return;
        event.preventDefault();
        onSend();
      }}
    />
  );
}

function useGrowth(field: React.RefObject<HTMLTextAreaElement | null>, text: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    const grow = () => {
      element.style.height = "auto";
      const most = window.innerHeight * 0.4;
      element.style.height = `${Math.min(element.scrollHeight, most)}px`;
      element.style.overflowY = element.scrollHeight > most ? "auto" : "hidden";
    };
    grow();
    window.addEventListener("resize", grow);
    return () => window.removeEventListener("resize", grow);
  }, [field, text]);
}

function placeholder(status: ThreadStatus, name: string | null, fresh: boolean): string {
  if (status.type === "locked") return status.reason ?? "This conversation takes no messages at the moment.";
  if (name !== null) return `Message ${name}`;
  return fresh ? "Add a connection in the settings first" : "The connection of this conversation was removed";
}
