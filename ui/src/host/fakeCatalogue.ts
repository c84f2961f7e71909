import type { CatalogueView } from "../gen/CatalogueView";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ModelDraft } from "../gen/ModelDraft";
import type { ModelRef } from "../gen/ModelRef";
import type { ModelView } from "../gen/ModelView";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadModelView } from "../gen/ThreadModelView";
import type { Args, FakeCore } from "./fake";

/** An entry of the catalogue of which a test says what matters. */
export function modelOf(connection: ConnectionId, id: string, known: Partial<ModelView> = {}): ModelView {
  const rest = { default: false, hidden: false, source: "published", locked: false, gone: false } as const;
  return { connection, id, label: id, ...rest, ...known };
}

/** The model of a conversation of which a test says what matters. */
export function threadModelOf(model: ModelRef | null, known: Partial<ThreadModelView> = {}): ThreadModelView {
  const rest = { gone: false, replacement: null, replacement_label: null };
  return { model, label: model?.id ?? "Default model", ...rest, ...known };
}

/** The catalogue becomes another one, and whoever looks is told. */
export function setCatalogue(core: FakeCore, change: Partial<CatalogueView>): void {
  core.models.catalogue = { ...core.models.catalogue, ...change };
  core.toApp({ type: "catalogue", catalogue: core.models.catalogue });
}

const same = (a: ModelRef, b: ModelRef) => a.connection === b.connection && a.id === b.id;

function choose(core: FakeCore, connection: ConnectionId, id: ThreadId | null, model: ModelRef | null): void {
  const { models, chosen } = core.models.catalogue;
  if (id === null) {
    const others = chosen.filter((other) => other.connection !== connection);
    setCatalogue(core, { chosen: model === null ? others : [...others, model] });
    return;
  }
  const thread = core.threads.get(id);
  if (thread === undefined) throw new Error(`no conversation ${id}`);
  const label = models.find((known) => model !== null && same(known, model))?.label;
  thread.model = threadModelOf(model, label === undefined ? {} : { label });
  core.batch(id, { op: "model", model: thread.model });
}

function put(core: FakeCore, { model, label, hidden, default: first }: ModelDraft): void {
  const { models } = core.models.catalogue;
  const known =
    models.find((other) => same(other, model)) ?? modelOf(model.connection, model.id, { source: "person" });
  const next = { ...known, label: label === "" ? model.id : label, hidden, default: first };
  const others = models.map((other) =>
    first && other.connection === model.connection ? { ...other, default: false } : other,
  );
  const place = models.indexOf(known);
  setCatalogue(core, { models: place < 0 ? [...others, next] : others.with(place, next) });
}

/** What the fake core does with the catalogue of models. */
export function catalogueCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  return {
    choose_model: ({ connection, thread, model }) =>
      choose(core, connection as ConnectionId, thread as ThreadId | null, model as ModelRef | null),
    refresh_models: ({ connection }) => {
      const published = core.models.catalogue.published.filter((list) => list.connection !== connection);
      setCatalogue(core, {
        published: [...published, { connection: connection as ConnectionId, read_at: core.now }],
      });
    },
    put_model: ({ draft }) => put(core, draft as ModelDraft),
    remove_model: ({ model }) => {
      const models = core.models.catalogue.models.filter((other) => !same(other, model as ModelRef));
      setCatalogue(core, { models });
    },
  };
}
