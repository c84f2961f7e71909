import type { ConnectionView } from "../gen/ConnectionView";
import type { FakeCore } from "./fake";
import { modelOf, threadModelOf } from "./fakeCatalogue";

/** Two servers with models: a few that are well described, and 5,000 of which only the names are known. */
export function demoModels(core: FakeCore, work: ConnectionView): void {
  const router: ConnectionView = {
    ...work,
    id: "router",
    name: "Model router",
    kind: "openai",
    state: { type: "online" },
  };
  core.connections = [router, work, ...core.connections.filter(({ builtin }) => builtin)];
  const price = { input: 2.5, output: 10, currency: "USD" };
  const many = Array.from({ length: 5000 }, (_, number) =>
    modelOf("router", `lab-${number % 40}/model-${number}`),
  );
  core.models.catalogue = {
    models: [
      modelOf("router", "lab/large", {
        label: "Large",
        description: "Thinks long and reads pictures",
        tags: ["vision", "reasoning"],
        context: 200_000,
        price,
        default: true,
      }),
      modelOf("router", "lab/fixed", {
        label: "House model",
        locked: true,
        source: "policy",
        context: 131_072,
      }),
      modelOf("router", "lab/older", { gone: true }),
      modelOf("router", "my-own:7b", { source: "person", price: { input: 0, output: 0, currency: "USD" } }),
      ...many,
      modelOf("work", "assistant-fast", { label: "Fast", description: "Short answers at once" }),
      modelOf("work", "assistant-deep", { label: "Deep", context: 1_048_576, hidden: true }),
    ],
    chosen: [],
    published: [{ connection: "router", read_at: core.now }],
  };
  const gone = core.threads.get("t1");
  if (gone === undefined) return;
  const replacement = { connection: "work", id: "assistant-fast" };
  const known = { gone: true, replacement, replacement_label: "Fast" };
  gone.model = threadModelOf({ connection: "work", id: "assistant-2024" }, known);
}
