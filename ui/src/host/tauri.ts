import { Channel, invoke, isTauri } from "@tauri-apps/api/core";
import { type Bridge, hostOver } from "./commands";
import type { Host } from "./host";

const bridge: Bridge = {
  invoke: (command, args) => invoke(command, { ...args }),
  send: (command, bytes, beside) => invoke(command, bytes, { headers: { ...beside } }),
  channel: (receive) => new Channel(receive),
};

/** The desktop's host, or nothing when the page is not in the desktop's window. */
export function tauriHost(): Host | null {
  return isTauri() ? hostOver(bridge) : null;
}
