import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Kind } from "../gen/Kind";

/** What the preset is called, on its button. */
export const PRESET = "Own backend first, OpenAI when it is away";

/** What comes of the preset with the connections that are there. */
export type Preset =
  | { readonly kind: "ready"; readonly members: readonly [ConnectionId, ConnectionId]; readonly name: string }
  /** One of the two has to be added before. */
  | { readonly kind: "missing"; readonly add: Kind };

/** Whom the preset would ask: the person's own server, and OpenAI in the way it is set up here. */
export function preset(connections: readonly ConnectionView[]): Preset {
  const usable = connections.filter(({ builtin, disabled, route }) => !builtin && !disabled && !route);
  const other = usable.find(isOpenai);
  const own = usable.find((connection) => !isOpenai(connection));
  if (own === undefined) return { kind: "missing", add: "chatkit" };
  if (other === undefined) return { kind: "missing", add: "hosted" };
  return { kind: "ready", members: [own.id, other.id], name: `${own.name}, or ${other.name}` };
}

/** OpenAI itself: a workflow that it hosts, or its API. Other servers that speak as it does are people's own. */
function isOpenai({ kind, address }: ConnectionView): boolean {
  return kind === "hosted" || (kind === "openai" && hostOf(address) === "api.openai.com");
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).hostname : null;
}
