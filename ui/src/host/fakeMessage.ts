import type { ItemViewBody } from "../gen/ItemViewBody";

/** A message of the person that is nothing but text. */
export function plainMessage(text: string): Extract<ItemViewBody, { kind: "user_message" }> {
  return {
    kind: "user_message",
    text,
    parts: text === "" ? [] : [{ type: "text", text }],
    quoted_text: null,
    attachments: [],
    model: null,
    tool: null,
  };
}
