import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ModelRef } from "../gen/ModelRef";
import type { ModelView } from "../gen/ModelView";
import type { SendRequest } from "../gen/SendRequest";
import type { ThreadId } from "../gen/ThreadId";
import type { AppState } from "./app";

/** A model with the words by which it is found, in small letters. */
export interface Known {
  readonly view: ModelView;
  readonly words: string;
}

/** The models of each connection, in their order. */
export type Index = ReadonlyMap<ConnectionId, readonly Known[]>;

/** Thousands of models are looked through with every key that is pressed: they are put in order once for each list. */
const indexes = new WeakMap<readonly ModelView[], Index>();

/** The models by their connections. */
export function indexOf(models: readonly ModelView[]): Index {
  const before = indexes.get(models);
  if (before !== undefined) return before;
  const index = new Map<ConnectionId, Known[]>();
  for (const view of models) {
    const words = [view.label, view.id, view.description ?? "", ...(view.tags ?? [])]
      .join("\n")
      .toLowerCase();
    const known = { view, words };
    const others = index.get(view.connection);
    if (others === undefined) index.set(view.connection, [known]);
    else others.push(known);
  }
  indexes.set(models, index);
  return index;
}

/** What is known of a model; nothing where its name is all there is. */
export function entryOf(models: readonly ModelView[], { connection, id }: ModelRef): ModelView | null {
  const known = indexOf(models).get(connection);
  return known?.find(({ view }) => view.id === id)?.view ?? null;
}

/** Whose models a connection is asked with: its own, and for a route those of its members. */
export function askedWith({ id, route }: ConnectionView): readonly ConnectionId[] {
  return route ? [id, ...route.members] : [id];
}

/** Who is asked next: for a route the member that answers. */
export function asked({ id, route }: ConnectionView): ConnectionId {
  return route ? (route.answers ?? route.members[0] ?? id) : id;
}

/** What the next conversation with a connection begins with, where the person has chosen. */
export function chosenFor({ catalogue }: Pick<AppState, "catalogue">, whom: ConnectionView): ModelRef | null {
  const next = asked(whom);
  const find = (id: ConnectionId) => catalogue.chosen.find(({ connection }) => connection === id);
  return find(whom.id) ?? find(next) ?? null;
}

/** To whom a message goes: to a conversation, or to the connection and the model with which one begins. */
export function addressed(
  app: AppState,
  whom: ConnectionView,
  thread: ThreadId | null,
): Omit<SendRequest, "text"> {
  const model = thread === null ? chosenFor(app, whom) : null;
  return { connection: whom.id, thread, ...(model === null ? {} : { model }) };
}
