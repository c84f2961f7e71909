import type { AttachmentView } from "../gen/AttachmentView";
import type { Draft } from "../gen/Draft";
import type { ItemViewBody } from "../gen/ItemViewBody";
import type { UserPartView } from "../gen/UserPartView";
import { pieces } from "../state/mentions";
import { NOTHING } from "./fakeComposing";

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

/** A message of the person with all that stood beside its words. */
export function composedMessage(
  composed: { readonly text: string } & Partial<Draft>,
  attachments: AttachmentView[],
): Extract<ItemViewBody, { kind: "user_message" }> {
  const draft: Draft = { ...NOTHING, ...composed };
  const parts = pieces(draft).map(
    ({ text, mention }): UserPartView =>
      mention === null
        ? { type: "text", text }
        : { type: "tag", text, group: mention.entity.group ?? null, interactive: mention.entity.interactive },
  );
  return {
    ...plainMessage(draft.text, attachments),
    parts,
    quoted_text: draft.quoted_text,
    tool: draft.tool,
  };
}
