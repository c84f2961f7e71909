import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { RouteDraft } from "../gen/RouteDraft";
import type { Args, FakeCore } from "./fake";
import { GUIDE } from "./fakeConnections";

/** A route as the core shows it, with nothing wrong. */
export function routeView(
  id: ConnectionId,
  name: string,
  members: ConnectionId[],
  change: Partial<NonNullable<ConnectionView["route"]>> = {},
): ConnectionView {
  const route = { members, patience: 3, answers: members[0] ?? null, why: null, ...change };
  return { ...GUIDE, id, name, builtin: false, keeps_threads: false, prompts: [], route };
}

/** What the fake core answers about routes. */
export function routeCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  return {
    put_route: ({ draft }) => {
      const { id, name, connections, patience } = draft as RouteDraft;
      const view = routeView(id ?? core.name("route"), name, connections, { patience });
      core.connections = [view, ...core.connections.filter((other) => other.id !== view.id)];
      core.toApp({ type: "connections", connections: core.connections });
      return view;
    },
    remove_route: ({ route }) => {
      core.connections = core.connections.filter((other) => other.id !== route);
      core.toApp({ type: "connections", connections: core.connections });
    },
    export_route: () => "~/Office.kittiwake.json",
    import_route: () => core.routeFile,
    ask_next: () => undefined,
  };
}
