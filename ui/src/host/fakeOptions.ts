import type { CatalogueView } from "../gen/CatalogueView";
import type { ContextView } from "../gen/ContextView";
import type { LocalServer } from "../gen/LocalServer";
import type { ManagedView } from "../gen/ManagedView";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadOptions } from "../gen/ThreadOptions";
import type { Args, FakeCore } from "./fake";
import { catalogueCommands } from "./fakeCatalogue";

/** A conversation whose server keeps nothing, such as the core tells of it. */
export const CONTEXT: ContextView = {
  model: "tiny",
  percent: null,
  from: null,
  summary: null,
  has_options: false,
};

const MORE = { required: false, when: null, advanced: false };

/** Options such as the core has, with a field of each kind. */
const OPTIONS: ThreadOptions = {
  fields: [
    { key: "model", label: "Model", help: "About model.", input: { type: "text" }, ...MORE },
    {
      key: "system_prompt",
      label: "System prompt",
      help: "About the prompt.",
      input: { type: "lines" },
      ...MORE,
    },
    {
      key: "temperature",
      label: "Temperature",
      help: "About temperature.",
      input: { type: "text" },
      ...MORE,
    },
    {
      key: "reasoning_effort",
      label: "Reasoning effort",
      help: "About effort.",
      input: {
        type: "choice",
        choices: [
          { value: "usual", label: "As the connection has it" },
          { value: "low", label: "Low" },
        ],
      },
      ...MORE,
    },
  ],
  values: {},
  inherited: { model: "tiny", temperature: "0.7" },
};

/** What the fake core knows of models. */
export class FakeModels {
  /** What was set for the conversations. */
  values: ThreadOptions["values"] = {};
  models: string[] = ["tiny", "large"];
  /** What answers on this computer. */
  local: LocalServer[] = [];
  catalogue: CatalogueView = { models: [], chosen: [], published: [] };
  managed: ManagedView = { policy: null, locked: [], connections: [], environment: null };

  /** What the window is told of them when it begins. */
  views(): { readonly catalogue: CatalogueView; readonly managed: ManagedView } {
    return structuredClone({ catalogue: this.catalogue, managed: this.managed });
  }
}

/** Somebody else than the person sets something. */
export function setManaged(core: FakeCore, change: Partial<ManagedView>): void {
  core.models.managed = { ...core.models.managed, ...change };
  core.toApp({ type: "managed", managed: structuredClone(core.models.managed) });
}

/** How a conversation goes out changes. */
export function setContext(core: FakeCore, id: ThreadId, change: Partial<ContextView>): void {
  const thread = core.threads.get(id);
  if (thread === undefined) throw new Error(`no conversation ${id}`);
  thread.context = { ...(thread.context ?? CONTEXT), ...change };
  core.batch(id, { op: "context", context: thread.context });
}

/** What the fake core answers about models. */
export function optionCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  const known = core.models;
  return {
    keep_environment_connection: ({ connection }) => {
      const environments = core.connections.find(({ id }) => id === connection);
      if (environments === undefined) throw new Error(`no connection ${connection}`);
      const own = { ...environments, id: `${environments.id}-own`, disabled: false };
      environments.disabled = true;
      core.connections.push(own);
      core.toApp({ type: "connections", connections: structuredClone(core.connections) });
      return structuredClone(own);
    },
    keep_environment_key: () => {
      const { environment } = known.managed;
      if (environment !== null) setManaged(core, { environment: { ...environment, key: null } });
    },
    ...catalogueCommands(core),
    local_servers: () => structuredClone(known.local),
    thread_models: () => known.models,
    thread_options: () => ({ ...OPTIONS, values: known.values }),
    set_thread_options: ({ thread, values }) => {
      known.values = values as ThreadOptions["values"];
      const has_options = Object.keys(known.values).length > 0;
      setContext(core, thread as ThreadId, { has_options });
    },
    retry_with_less: ({ thread }) => core.invoke("retry", { thread }),
  };
}
