import type { DraftFile } from "../gen/DraftFile";
import type { Dragged } from "../gen/Dragged";
import { previewAnswer } from "../pictures/answer";
import type { Bridge } from "./commands";
import { asFailure, type Host, type Unsubscribe } from "./host";

type Args = Readonly<Record<string, unknown>>;
type Call = <T>(command: string, args?: Args) => Promise<T>;
type Subscribe = <M>(command: string, args: Args, receive: (message: M) => void) => Promise<Unsubscribe>;

type OfFiles = Pick<
  Host,
  | "attachPicked"
  | "attachDropped"
  | "attachPasted"
  | "attachBytes"
  | "removeAttachment"
  | "retryAttachment"
  | "attachmentPreview"
  | "subscribeDrops"
>;

/** The part of the host that is about the files of a message. */
export function fileCommands(bridge: Bridge, call: Call, subscribe: Subscribe): OfFiles {
  return {
    attachPicked: (target) => call<DraftFile[]>("attach_picked", { target }),
    attachDropped: (target, drop) => call<DraftFile[]>("attach_dropped", { target, drop }),
    attachPasted: (target) => call<DraftFile[]>("attach_pasted", { target }),
    attachBytes: async ({ connection, thread }, name, bytes) => {
      const beside = { connection, name, ...(thread === null ? {} : { thread }) };
      const ascii = Object.entries(beside).map(([key, value]) => [
        `kittiwake-${key}`,
        encodeURIComponent(value),
      ]);
      try {
        return (await bridge.send("attach_bytes", bytes, Object.fromEntries(ascii))) as DraftFile;
      } catch (thrown) {
        throw asFailure(thrown);
      }
    },
    removeAttachment: (file) => call("remove_attachment", { file }),
    retryAttachment: (file) => call("retry_attachment", { file }),
    attachmentPreview: async (file) => previewAnswer(await call("attachment_preview", { file })),
    subscribeDrops: (receive) => subscribe<Dragged>("subscribe_drops", {}, receive),
  };
}
