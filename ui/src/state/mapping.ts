import type { ConnectionId } from "../gen/ConnectionId";
import type { Client } from "./client";

/** Says where the answers of a connection have their text. Answers whether that could be kept; if not, it is told. */
export async function mapped(
  client: Client,
  connection: ConnectionId,
  field: string,
  pointer: string,
): Promise<boolean> {
  try {
    await client.host.mapText(connection, field, pointer);
    return true;
  } catch (thrown) {
    client.report(thrown);
    return false;
  }
}
