import type { EffectView } from "../gen/EffectView";
import { deeplink, noticed } from "../link/deeplink";
import type { Client } from "./client";

/** Does what a server has the window do; nothing of it leaves the window unasked. What a newer core says is passed over. */
export function follow(client: Client, effect: EffectView): void {
  switch (effect.type) {
    case "settings":
      client.overlay({ kind: "settings", section: effect.page });
      break;
    case "new_thread":
      client.open(null);
      break;
    case "link":
      client.openLink(effect.url);
      break;
    case "message":
      client.toasts.say({ text: noticed(effect) });
      break;
  }
}

/** Follows a link into the program, and says whether it was one. */
export function followInside(client: Client, url: string): boolean {
  const inside = deeplink(url);
  if (inside !== null) follow(client, inside);
  return inside !== null;
}
