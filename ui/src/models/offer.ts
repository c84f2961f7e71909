import type { CatalogueView } from "../gen/CatalogueView";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ModelRef } from "../gen/ModelRef";
import type { ModelView } from "../gen/ModelView";
import { asked, askedWith, indexOf, type Known } from "../state/models";
import type { Target } from "./target";

/** Something that can be chosen. */
export type Entry =
  | { readonly kind: "model"; readonly view: ModelView }
  /** That with which the connection begins. */
  | { readonly kind: "default"; readonly label: string | null }
  /** What the person has typed, whoever knows it. */
  | { readonly kind: "typed"; readonly id: string };

/** The models of one connection. */
export interface Group {
  readonly connection: ConnectionView;
  readonly entries: readonly Entry[];
}

/** What is on offer: the models that have every word of the query, by connection, the current one first. */
export function offer(
  { models }: Pick<CatalogueView, "models">,
  connections: readonly ConnectionView[],
  target: Target,
  query: string,
): readonly Group[] {
  const index = indexOf(models);
  const wanted = query.trim();
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const next = asked(target.connection);
  return order(connections, target).flatMap((connection): Group[] => {
    const known = index.get(connection.id) ?? [];
    const entries: Entry[] = [];
    if (connection.id === next && wanted === "") entries.push({ kind: "default", label: firstOf(known) });
    for (const { view, words: own } of known) {
      const found = view.hidden ? view.id === wanted : words.every((word) => own.includes(word));
      if (found) entries.push({ kind: "model", view });
    }
    return entries.length === 0 ? [] : [{ connection, entries }];
  });
}

/** What the person has typed, as a model of the connection that is asked next; nothing where that knows it already. */
export function typed(
  { models }: Pick<CatalogueView, "models">,
  target: Target,
  query: string,
): ModelRef | null {
  const id = query.trim();
  const connection = asked(target.connection);
  const known = indexOf(models).get(connection) ?? [];
  return id === "" || known.some(({ view }) => view.id === id) ? null : { connection, id };
}

/** Where to begin: at what is chosen, or, of what is found, at what is called so. The number of an entry. */
export function begin(groups: readonly Group[], target: Target, query: string): number {
  const wanted = query.trim().toLowerCase();
  const { current } = target;
  let place = 0;
  let called: number | null = null;
  for (const { entries } of groups) {
    for (const entry of entries) {
      if (wanted === "" && isCurrent(entry, current)) return place;
      if (wanted !== "" && entry.kind === "model" && called === null) {
        const { id, label } = entry.view;
        if (id.toLowerCase() === wanted || label.toLowerCase() === wanted) called = place;
      }
      place += 1;
    }
  }
  return called ?? 0;
}

/** Whether an entry is what is chosen. */
export function isCurrent(entry: Entry, current: ModelRef | null): boolean {
  if (entry.kind === "default") return current === null;
  return (
    entry.kind === "model" && entry.view.id === current?.id && entry.view.connection === current.connection
  );
}

/** In a conversation those that can hold it; before one all that are switched on, the current one first. */
function order(connections: readonly ConnectionView[], { thread, connection }: Target): ConnectionView[] {
  const own = askedWith(connection);
  const find = (id: ConnectionId) => connections.find((known) => known.id === id) ?? [];
  const first = own.flatMap(find);
  if (thread !== null) return first;
  const others = connections.filter(({ id, disabled }) => !disabled && !own.includes(id));
  return [...first, ...others];
}

/** With which one the connection begins, where that is known. */
function firstOf(known: readonly Known[]): string | null {
  return known.find(({ view }) => view.default)?.view.label ?? null;
}
