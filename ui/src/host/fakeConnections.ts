import type { ConnectionDraft } from "../gen/ConnectionDraft";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { FormField } from "../gen/FormField";
import type { KindForm } from "../gen/KindForm";
import type { SessionView } from "../gen/SessionView";
import type { SignInWay } from "../gen/SignInWay";
import type { SigningInView } from "../gen/SigningInView";
import type { Args, FakeCore } from "./fake";
import { latencyOf } from "./fakeCheck";

function field(key: string, label: string, more: Partial<FormField> = {}): FormField {
  const help = `About ${key}.`;
  return { key, label, help, input: { type: "text" }, required: false, when: null, advanced: false, ...more };
}

function choice(...choices: readonly (readonly [value: string, label: string])[]): Partial<FormField> {
  return { input: { type: "choice", choices: choices.map(([value, label]) => ({ value, label })) } };
}

const secret = { input: { type: "secret" } } as const;
const given = { when: { key: "sign_in", is: "token" } };
const login = { when: { key: "sign_in", is: "login" } };
const browser = { when: { key: "sign_in", is: "browser" } };
const client = { when: { key: "client", is: "file" }, advanced: true };
const made = { when: { key: "session", is: "endpoint" } };

const SIGN_IN: readonly FormField[] = [
  field(
    "sign_in",
    "Sign in with",
    choice(["token", "A token, or nothing"], ["login", "E-mail and password"], ["browser", "Your browser"]),
  ),
  field("token", "Token", { ...secret, ...given }),
  field("login_url", "Login address", { required: true, ...login }),
  field("login_user", "E-mail or user name", { required: true, ...login }),
  field("token", "Password", { required: true, ...secret, ...login }),
  field("oauth_issuer", "Identity provider", browser),
  field("oauth_client", "Client ID", { required: true, ...browser }),
  field("oauth_flow", "Where to sign in", {
    ...choice(["browser", "In this computer's browser"], ["device", "Elsewhere, with a code"]),
    advanced: true,
    ...browser,
  }),
  field("oauth_secret", "Client secret", { ...secret, advanced: true, ...browser }),
];

const SESSION: readonly FormField[] = [
  field(
    "session",
    "What the server takes",
    choice(["direct", "That itself"], ["endpoint", "A session from an endpoint"]),
  ),
  field("session_url", "Session endpoint", { required: true, ...made }),
  field("session_body", "Body", { input: { type: "json" }, advanced: true, ...made }),
  field("session_headers", "Headers of the session endpoint", {
    input: { type: "headers" },
    advanced: true,
    ...made,
  }),
];

/** The Guide as the fake core has it. */
export const GUIDE: ConnectionView = {
  id: "guide",
  name: "Guide",
  kind: "chatkit",
  address: "",
  has_token: false,
  secrets: [],
  cautions: [],
  sign_in: null,
  session: null,
  keeps_threads: true,
  disabled: false,
  builtin: true,
  state: { type: "online" },
  again: null,
  prompts: [
    { label: "What can Kittiwake do?", prompt: "What can you do?" },
    { label: "How do I connect a server?", prompt: "How do I connect a server?" },
  ],
};

/** Forms such as the core has, with every kind of field. */
export const FORMS: readonly KindForm[] = [
  {
    kind: "chatkit",
    label: "ChatKit server",
    fields: [
      field("url", "Address", { required: true }),
      ...SIGN_IN,
      ...SESSION,
      field("other", "Other secret", { ...secret, advanced: true, when: { key: "extra", is: "yes" } }),
      field("headers", "Headers", { input: { type: "headers" }, advanced: true }),
      field("secret_headers", "Secret headers", { input: { type: "secret_headers" }, advanced: true }),
      field("client", "Client certificate", {
        input: {
          type: "choice",
          choices: [
            { value: "none", label: "None" },
            { value: "file", label: "From a file" },
          ],
        },
        advanced: true,
      }),
      field("client_certificate", "File of the client certificate", { required: true, ...client }),
      field("client_key", "File of its key", client),
      field("client_key_password", "Password of the key", { input: { type: "secret" }, ...client }),
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
  {
    kind: "openai",
    label: "OpenAI-compatible server",
    fields: [
      field("url", "Address", { required: true }),
      field("model", "Model", { required: true }),
      field("token", "API key", { input: { type: "secret" } }),
    ],
  },
];

/** In which secret fields something is kept. */
function stored(draft: ConnectionDraft, before: ConnectionView | undefined): string[] {
  const kept = (before?.secrets ?? []).filter((key) => draft.secrets[key] === undefined);
  return [...kept, ...Object.keys(draft.secrets).filter((key) => draft.secrets[key] !== "")];
}

const ABSENT: SessionView = { phase: { type: "absent" }, ends: null, ahead: 0, fields: [] };

const SIGNED_OUT: SessionView = {
  ...ABSENT,
  phase: { type: "signed_out", failure: { code: "signed_out", message: "You are not signed in." } },
};

/** How one signs in, where that is more than a token. */
function wayOf({ sign_in, oauth_flow }: ConnectionDraft["values"]): SignInWay | null {
  if (sign_in === "login") return "login";
  if (sign_in !== "browser") return null;
  return oauth_flow === "device" ? "device" : "browser";
}

/** A connection as it is shown after it was saved. */
function savedView(
  id: ConnectionId,
  draft: ConnectionDraft,
  before: ConnectionView | undefined,
): ConnectionView {
  const address = draft.values["url"] ?? "";
  const way = wayOf(draft.values);
  return {
    id,
    name: draft.name || new URL(address).host,
    kind: draft.kind,
    address,
    has_token: draft.token === null ? (before?.has_token ?? false) : draft.token !== "",
    secrets: stored(draft, before),
    cautions: before?.cautions ?? [],
    sign_in: way === null ? null : { way, session: way === "login" ? ABSENT : SIGNED_OUT },
    session: draft.values["session"] === "endpoint" ? ABSENT : null,
    keeps_threads: before?.keeps_threads ?? true,
    disabled: before?.disabled ?? false,
    builtin: false,
    state: { type: "untried" },
    again: null,
    prompts: [],
  };
}

/** What the fake core answers about connections. */
export function connectionCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  return {
    connection_forms: () => FORMS,
    connection_values: ({ connection }) => core.values.get(connection as ConnectionId) ?? {},
    connection_latency: ({ connection }) => latencyOf(core, connection as ConnectionId),
    token_length: () => 24,
    disable_connection: ({ connection, disabled }) => {
      core.connections = core.connections.map((other) =>
        other.id === connection ? { ...other, disabled: disabled === true } : other,
      );
      core.toApp({ type: "connections", connections: core.connections });
    },
    forget_tool: ({ connection, tool }) => {
      core.connections = core.connections.map((other) =>
        other.id === connection
          ? { ...other, allowed_tools: (other.allowed_tools ?? []).filter((known) => known !== tool) }
          : other,
      );
      core.toApp({ type: "connections", connections: core.connections });
    },
    order_connections: ({ order }) => {
      const place = (id: ConnectionId) => (order as ConnectionId[]).indexOf(id) >>> 0;
      core.connections = core.connections.toSorted((a, b) => place(a.id) - place(b.id));
      core.toApp({ type: "connections", connections: core.connections });
    },
    add_connection: ({ draft }) => save(core, core.name("connection"), draft as ConnectionDraft),
    update_connection: ({ connection, draft }) =>
      save(core, connection as ConnectionId, draft as ConnectionDraft),
    remove_connection: ({ connection }) => {
      core.connections = core.connections.filter((other) => other.id !== connection);
      core.toApp({ type: "connections", connections: core.connections });
    },
    check_connection: ({ connection }) => core.connections.find((other) => other.id === connection),
    map_text: ({ connection, field, pointer }) => {
      const id = connection as ConnectionId;
      core.values.set(id, { ...core.values.get(id), [field as string]: pointer as string });
      return core.connections.find((other) => other.id === id);
    },
    sign_in: ({ channel }) => core.signIns.begin(channel as (step: SigningInView) => void),
    sign_out: ({ connection }) => {
      core.connections = core.connections.map((other) =>
        other.id === connection && other.sign_in !== null
          ? { ...other, sign_in: { ...other.sign_in, session: SIGNED_OUT } }
          : other,
      );
      core.toApp({ type: "connections", connections: core.connections });
      return core.signedOut;
    },
    export_connection: () => "~/Office.kittiwake.json",
    import_connection: () => core.file,
  };
}

function save(core: FakeCore, id: ConnectionId, draft: ConnectionDraft): ConnectionView {
  const before = core.connections.find((other) => other.id === id);
  const view = savedView(id, draft, before);
  core.values.set(id, draft.values);
  const others = core.connections.filter((other) => other.id !== id);
  core.connections = [
    ...others.filter((other) => !other.builtin),
    view,
    ...others.filter((other) => other.builtin),
  ];
  core.toApp({ type: "connections", connections: core.connections });
  return view;
}
