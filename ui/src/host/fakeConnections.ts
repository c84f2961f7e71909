import type { ConnectionDraft } from "../gen/ConnectionDraft";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { FormField } from "../gen/FormField";
import type { KindForm } from "../gen/KindForm";

function field(key: string, label: string, more: Partial<FormField> = {}): FormField {
  const help = `About ${key}.`;
  return { key, label, help, input: { type: "text" }, required: false, when: null, advanced: false, ...more };
}

const made = { when: { key: "session", is: "endpoint" } };

/** Forms such as the core has, with every kind of field. */
export const FORMS: readonly KindForm[] = [
  {
    kind: "chatkit",
    label: "ChatKit server",
    fields: [
      field("url", "Address", { required: true }),
      field("session", "Sign in with", {
        input: {
          type: "choice",
          choices: [
            { value: "token", label: "A token, or nothing" },
            { value: "endpoint", label: "A session endpoint" },
          ],
        },
      }),
      field("session_url", "Session endpoint", { required: true, ...made }),
      field("token", "Token", { input: { type: "secret" } }),
      field("session_body", "Body", { input: { type: "json" }, advanced: true, ...made }),
      field("session_headers", "Headers", { input: { type: "headers" }, advanced: true, ...made }),
    ],
  },
  {
    kind: "hosted",
    label: "Hosted workflow",
    fields: [
      field("workflow", "Workflow", { required: true }),
      field("token", "API key", { input: { type: "secret" }, required: true }),
      field("expires_after", "Session length", { input: { type: "number" }, advanced: true }),
      field("url", "Address of the API", { required: false, advanced: true }),
    ],
  },
];

/** A connection as it is shown after it was saved. */
export function savedView(
  id: ConnectionId,
  draft: ConnectionDraft,
  before: ConnectionView | undefined,
): ConnectionView {
  const address = draft.values["url"] ?? "";
  return {
    id,
    name: draft.name || new URL(address).host,
    kind: draft.kind,
    address,
    has_token: draft.token === null ? (before?.has_token ?? false) : draft.token !== "",
    session: null,
    disabled: before?.disabled ?? false,
    builtin: false,
    state: { type: "untried" },
    prompts: [],
  };
}
