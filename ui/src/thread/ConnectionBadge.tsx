import { Suspense, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { stateWords } from "../failure/words";
import type { AnsweringView } from "../gen/AnsweringView";
import type { ConnectionView } from "../gen/ConnectionView";
import { later } from "../later";
import { shownState } from "../state/standing";
import styles from "./Connection.module.css";
import { useAnswering } from "./useAnswering";

const ConnectionSheet = later(() => import("./ConnectionSheet"));

const css = classes(styles);

/** With whom the conversation is, and how that goes: a dot and words; more behind it. */
export function ConnectionBadge({
  connection,
  named,
}: {
  readonly connection: ConnectionView;
  /** Whether to say the name; the picker beside it may do so already. */
  readonly named: boolean;
}) {
  const badge = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const state = shownState(connection);
  const answering = useAnswering(connection);
  return (
    <>
      <AriaButton
        ref={badge}
        className={css("badge")}
        data-testid="connection-state"
        data-state={state.type}
        data-answering={answering?.name}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPress={() => setOpen(true)}
      >
        {named && <span className={css("name")}>{connection.name}</span>}
        <StateDot state={state.type} />
        {answering === null || state.type === "failing" ? (
          <span className={css("state")}>{stateWords(state)}</span>
        ) : (
          <Answering {...answering} />
        )}
      </AriaButton>
      <Suspense fallback={null}>
        {open && <ConnectionSheet connection={connection} badge={badge} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}

function Answering({ name, why }: AnsweringView) {
  return (
    <span className={css("state")}>
      {why === null ? `Answered by ${name}` : `Answered by ${name}: ${why}`}
    </span>
  );
}
