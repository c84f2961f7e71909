import type { ConnectionState } from "../gen/ConnectionState";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { FailureCode } from "../gen/FailureCode";

/** A few words for each failure; the failure's own message says the rest. */
const TITLES: Readonly<Record<FailureCode, string>> = {
  bad_input: "This cannot be used",
  bad_address: "The address does not work",
  unreachable: "No connection",
  untrusted: "Certificate not trusted",
  client_certificate: "A client certificate is wanted",
  unencrypted: "Not encrypted",
  proxy_failed: "The proxy lets nothing through",
  proxy_login: "The proxy asks who you are",
  web_page: "A web page is in the way",
  first_byte_timeout: "No answer in time",
  idle_timeout: "The answer stopped coming",
  interrupted: "The answer broke off",
  unauthorized: "Not allowed in",
  signed_out: "Signed out",
  forbidden: "Not permitted",
  bad_session: "No session",
  disabled: "Switched off",
  locked: "Not yours to change",
  not_found: "Nothing at this address",
  rate_limited: "Too many requests",
  server_refused: "The server refused",
  server_error: "The server reported an error",
  not_chatkit: "Not the answer that was expected",
  format_mismatch: "The text is somewhere else",
  no_picture: "No picture",
  too_large: "Too large",
  too_long: "Longer than the model can read",
  redirected: "Sent elsewhere",
  busy: "Still answering",
  unknown: "Not here any more",
  keychain_absent: "No keychain",
  keychain_locked: "The keychain is locked",
  keychain_failed: "Trouble with the keychain",
  keychain_damaged: "The keychain's entry is damaged",
  disk_full: "The disk is full",
  newer_version: "Made by a newer version",
  data_damaged: "A file is damaged",
  internal: "Something went wrong",
};

/** A heading for a failure, also for a code of a newer core. */
export function failureTitle({ code }: Pick<Failure, "code">): string {
  return (TITLES as Readonly<Record<string, string | undefined>>)[code] ?? "Something went wrong";
}

/** What is known of a connection, in words: colour alone says nothing to some. */
export function stateWords(state: ConnectionState): string {
  switch (state.type) {
    case "online":
      return "Connected";
    case "failing":
      return failureTitle(state.failure);
    default:
      return "Not tried yet";
  }
}

/** Codes that are mended in the connection's settings. */
const SETTINGS_CODES: ReadonlySet<FailureCode> = new Set([
  "bad_address",
  "untrusted",
  "unencrypted",
  "proxy_failed",
  "proxy_login",
  "unauthorized",
  "signed_out",
  "bad_session",
  "disabled",
  "not_found",
  "not_chatkit",
  "format_mismatch",
  "redirected",
  "keychain_absent",
  "keychain_locked",
  "keychain_failed",
  "keychain_damaged",
]);

/** Whether the settings of the connection are where this is mended. */
export function mendedInSettings({ code }: Pick<Failure, "code">): boolean {
  return SETTINGS_CODES.has(code);
}

/** Whether the keychain is at fault, so that the secret can be kept in memory instead. */
export function isKeychain({ code }: Pick<Failure, "code">): boolean {
  return code.startsWith("keychain_");
}

/** What keeps a connection from its token, if it is the keychain. */
export function keychainTrouble({ disabled, state, route }: ConnectionView): Failure | null {
  // A route has no token: its connections say so themselves.
  return !disabled && !route && state.type === "failing" && isKeychain(state.failure) ? state.failure : null;
}
