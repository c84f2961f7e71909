import type { AttachmentView } from "../gen/AttachmentView";
import type { ItemViewBody } from "../gen/ItemViewBody";

/** A message of the person that is text and files. */
export function plainMessage(
  text: string,
  attachments: AttachmentView[] = [],
): Extract<ItemViewBody, { kind: "user_message" }> {
  return {
    kind: "user_message",
    text,
    parts: text === "" ? [] : [{ type: "text", text }],
    quoted_text: null,
    attachments,
    model: null,
    tool: null,
  };
}
