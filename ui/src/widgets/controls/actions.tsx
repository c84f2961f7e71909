import { useContext, useRef, useState } from "react";
import type { Action } from "../../gen/widget/Action";
import type { Loading } from "../../gen/widget/Loading";
import { ClientContext } from "../../state/context";
import { ActingContext } from "../acting";
import { FieldsContext } from "./fields";
import { ScopeContext } from "./scope";
import { merged, type Named } from "./values";

/** Where an action stands, which says what `auto` means for it. */
export type ActionPlace = "button" | "choice" | "form" | "card" | "item";

/** What looks busy where the server leaves that to us. */
const AUTO: Readonly<Record<ActionPlace, Loading>> = {
  button: "self",
  choice: "none",
  form: "self",
  card: "container",
  item: "self",
};

/** An action that is ready to be used. */
export interface Pressable {
  /** Asks for it, with the values of the form around and the value that has just changed, if one has. */
  readonly press: (changed?: Named) => void;
  /** Whether the control itself is to look busy. */
  readonly loading: boolean;
  /** Whether it has to wait for a turn under way. */
  readonly blocked: boolean;
}

/**
 * What an action of a widget does when it is used. A second press before the answer does nothing; a second choice is
 * asked for after the answer, the last one of several.
 */
export function useAction(action: Action | null, place: ActionPlace): Pressable {
  const { act, busy } = useContext(ActingContext);
  const fields = useContext(FieldsContext);
  const scope = useContext(ScopeContext);
  const client = useContext(ClientContext);
  const flying = useRef(false);
  const waiting = useRef<{ readonly action: Action; readonly payload: unknown } | null>(null);
  const [isFlying, setFlying] = useState(false);
  // Where nothing holds the whole widget, the control is busy in its stead.
  const wanted = action === null ? "none" : loadingOf(action, place);
  const loading = wanted === "container" && scope === null ? "self" : wanted;

  async function send(asked: Action, payload: unknown) {
    flying.current = true;
    setFlying(true);
    const leave = loading === "container" ? scope?.enter() : undefined;
    try {
      await act(asked, payload);
    } catch {
      // Whoever acts says what went wrong. Here it is over.
    } finally {
      leave?.();
      flying.current = false;
      setFlying(false);
    }
    const next = waiting.current;
    waiting.current = null;
    if (next !== null) await send(next.action, next.payload);
  }

  function press(changed?: Named) {
    if (action === null) return;
    if (action.handler === "client") {
      client?.toasts.say({ text: `Kittiwake has nothing for “${action.type}”` });
      return;
    }
    const payload = withValues(action.payload, fields?.values() ?? [], changed);
    if (!flying.current) void send(action, payload);
    else if (place === "choice") waiting.current = { action, payload };
  }

  const streams = action?.streaming === true && action.handler === "server";
  // What is its own answer must not take the focus from it.
  return { press, loading: isFlying && loading === "self", blocked: busy && streams && !isFlying };
}

function loadingOf(action: Action, place: ActionPlace): Loading {
  return action.loadingBehavior === "auto" ? AUTO[place] : action.loadingBehavior;
}

/** Names that were told already. */
const told = new Set<string>();

function withValues(payload: unknown, values: readonly Named[], changed: Named | undefined): unknown {
  const others = values.filter(({ name }) => name !== changed?.name);
  const made = merged(payload, changed === undefined ? others : [changed, ...others]);
  for (const name of made.dropped) tell(name);
  return made.payload;
}

function tell(name: string) {
  if (!import.meta.env.DEV || told.has(name)) return;
  told.add(name);
  // biome-ignore lint/suspicious/noConsole: for whoever writes a server, while Kittiwake is being developed
  console.warn(`the payload of an action has “${name}” already: the value of the form was dropped`);
}
