import type { ConnectionView } from "../gen/ConnectionView";
import type { Client } from "./client";

/** Each question is a message of its own, also one that was asked before. */
let asked = 0;

/** The Guide, which is there unless a host brings none. */
export function guideOf(connections: readonly ConnectionView[]): ConnectionView | undefined {
  return connections.find(({ builtin }) => builtin);
}

/** Begins a conversation with the Guide, about something that the person wants to read more of. */
export async function askGuide(client: Client, question: string): Promise<void> {
  const guide = guideOf(client.app.get().connections);
  if (guide === undefined) return;
  asked += 1;
  try {
    const key = `asked-${Date.now()}-${asked}`;
    client.open(await client.host.send({ connection: guide.id, thread: null, text: question }, key));
  } catch (thrown) {
    client.report(thrown);
  }
}
