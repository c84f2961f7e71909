import type { ConnectionView } from "../gen/ConnectionView";
import type { Kind } from "../gen/Kind";
import { useApp } from "../state/context";
import { isLocked } from "../state/managed";

/** Where the settings file has what a field of the form says, if it is not called so there as well. */
const SETTINGS: Readonly<Record<string, string>> = {
  login_url: "sign_in.url",
  login_user: "sign_in.user",
  login_body: "sign_in.body",
  login_pointer: "sign_in.pointer",
  login_gives: "sign_in.gives",
  oauth_issuer: "sign_in.provider.issuer",
  oauth_authorization_url: "sign_in.provider.authorization",
  oauth_token_url: "sign_in.provider.token",
  oauth_device_url: "sign_in.provider.device",
  oauth_revocation_url: "sign_in.provider.revocation",
  oauth_client: "sign_in.client_id",
  oauth_scopes: "sign_in.scopes",
  oauth_flow: "sign_in.flow",
  oauth_audience: "sign_in.audience",
  oauth_resource: "sign_in.resource",
  oauth_prompt: "sign_in.prompt",
  oauth_port: "sign_in.port",
  session_url: "session.url",
  session_method: "session.method",
  session_headers: "session.headers",
  session_body: "session.body",
  session_pointer: "session.pointer",
  refresh_url: "session.refresh.url",
  refresh_body: "session.refresh.body",
  user: "session.user",
  workflow: "session.workflow",
  version: "session.version",
  state_variables: "session.state_variables",
  expires_after: "session.expires_after",
  max_requests_per_minute: "session.max_requests_per_minute",
  configuration: "session.configuration",
  token_header: "carried",
  proxy: "network.proxy",
  proxy_url: "network.proxy.url",
  proxy_user: "network.proxy.user",
  authorities: "network.authorities",
  pins: "network.pins",
  plain_http: "network.plain_http",
  client: "network.client_certificate",
  client_certificate: "network.client_certificate.file",
  client_key: "network.client_certificate.key",
  per_minute: "network.per_minute",
  model: "openai.model",
  dialect: "openai.dialect",
  system_prompt: "openai.parameters.system_prompt",
  temperature: "openai.parameters.temperature",
  top_p: "openai.parameters.top_p",
  max_tokens: "openai.parameters.max_tokens",
  stop: "openai.parameters.stop",
  seed: "openai.parameters.seed",
  reasoning_effort: "openai.parameters.reasoning_effort",
  context_window: "openai.context.window",
  context_rule: "openai.context.rule",
  answers: "custom.answers",
  chat_path: "custom.paths.chat",
  stream_path: "custom.paths.stream",
  socket_path: "custom.paths.socket",
  health_path: "custom.paths.health",
  conversations: "custom.sessions",
  conversations_path: "custom.paths.sessions",
  name_in_answer: "custom.session_place",
  message_field: "custom.request.message",
  session_field: "custom.request.session",
  model_field: "custom.request.model",
  metadata: "custom.request.metadata",
  template: "custom.request.template",
  text_in_answer: "custom.places.whole",
  text_in_event: "custom.places.event",
};

/** The key of a field below its connection, in parts. */
export function settingOf(kind: Kind, field: string): readonly string[] {
  if (kind === "custom" && field === "model") return ["custom", "model"];
  return (SETTINGS[field] ?? field).split(".");
}

/** What tells which fields of a connection's form the administrator has fixed. Secrets never are: they stand in no file. */
export function useLockedFields(connection: ConnectionView | null, kind: Kind): (field: string) => boolean {
  const managed = useApp((app) => app.managed);
  return (field) =>
    connection !== null && isLocked(managed, "connections", connection.id, ...settingOf(kind, field));
}
