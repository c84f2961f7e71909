import { useMemo } from "react";
import type { CatalogueView } from "../gen/CatalogueView";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ModelRef } from "../gen/ModelRef";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadModelView } from "../gen/ThreadModelView";
import type { Client } from "../state/client";
import { useApp, useConnection, useOpenThread, useView } from "../state/context";
import { asked, chosenFor, entryOf, indexOf } from "../state/models";
import { DEFAULT } from "./words";

/** For what a model is chosen: the open conversation, or the next one. */
export interface Target {
  /** `null` is the next one. */
  readonly thread: ThreadId | null;
  readonly connection: ConnectionView;
  /** Nothing while nobody has chosen. */
  readonly current: ModelRef | null;
  /** What the person reads of that. */
  readonly label: string;
  /** Whether its server has it no more. */
  readonly gone: boolean;
  /** What could take its place then. */
  readonly replacement: { readonly model: ModelRef; readonly label: string } | null;
}

/** For what a model can be chosen now, if for anything. */
export function useTarget(): Target | null {
  const thread = useView((view) => view.open);
  const connection = useConnection();
  const catalogue = useApp((app) => app.catalogue);
  const model = useOpenThread((state) => (state.id === thread ? (state.thread?.model ?? null) : null));
  return useMemo(() => {
    if (connection === null) return null;
    if (thread !== null) return model === null ? null : ofThread(thread, connection, model);
    return connection.builtin ? null : ofNext(connection, catalogue);
  }, [thread, connection, catalogue, model]);
}

function ofThread(thread: ThreadId, connection: ConnectionView, model: ThreadModelView): Target {
  const { model: current, label, gone, replacement, replacement_label } = model;
  return {
    thread,
    connection,
    current,
    label: label === "" ? (current?.id ?? DEFAULT) : label,
    gone,
    replacement: replacement && { model: replacement, label: replacement_label ?? replacement.id },
  };
}

function ofNext(connection: ConnectionView, catalogue: CatalogueView): Target {
  const current = chosenFor({ catalogue }, connection);
  const entry = current && entryOf(catalogue.models, current);
  const whose = indexOf(catalogue.models).get(current?.connection ?? asked(connection)) ?? [];
  const first = whose.find(({ view }) => view.default && !view.gone)?.view ?? null;
  const gone = entry?.gone ?? false;
  const { label } = entry ?? (current === null && first !== null ? first : { label: current?.id ?? DEFAULT });
  const replacement = gone && first !== null ? { model: nameOf(first), label: first.label } : null;
  return { thread: null, connection, current, label, gone, replacement };
}

function nameOf({ connection, id }: ModelRef): ModelRef {
  return { connection, id };
}

/** The person wants another model, or with `null` that with which the connection begins. */
export function chooseModel(client: Client, target: Target, model: ModelRef | null): void {
  const { thread, connection, current } = target;
  // What is remembered for the next conversation is remembered for whoever serves the model.
  const whose = thread !== null ? connection.id : ((model ?? current)?.connection ?? asked(connection));
  client.host
    .chooseModel(whose, thread, model && nameOf(model))
    .catch((thrown: unknown) => client.report(thrown));
}
