import type { ConnectionDraft } from "../gen/ConnectionDraft";
import type { Failure } from "../gen/Failure";
import type { FormField } from "../gen/FormField";
import { home, isAnotherWay, isElsewhere, present, TOKEN, type Values } from "./form";

/** What was typed into the secret fields that are there, other than that of the token. */
export function typed(fields: readonly FormField[], values: Values, secrets: Values): Record<string, string> {
  const there = present(fields, values).map(({ key }) => key);
  return Object.fromEntries(Object.entries(secrets).filter(([key]) => there.includes(key)));
}

/** Whether there is anything secret to keep. */
export function isGiven({ token, secrets }: Omit<ConnectionDraft, "keep">): boolean {
  return [token ?? "", ...Object.values(secrets)].some((secret) => secret !== "");
}

/** The field that is there and at which something is wrong, if it is one; the core names it in the detail. */
export function wrongField(failure: Failure | null, shown: readonly FormField[]): string | null {
  const named = failure === null ? null : blamed(failure);
  return shown.some(({ key }) => key === named) ? named : null;
}

function blamed({ code, detail }: Failure): string | null {
  if (code === "bad_address") return detail ?? "url";
  if (code === "unauthorized" || code === "signed_out" || code === "keychain_damaged") return TOKEN;
  return code === "bad_input" ? (detail ?? null) : null;
}

/** Why a stored token is not for what the form says now; `null` if it is. */
export function hasMoved(fields: readonly FormField[], values: Values, before: Values): Moved | null {
  if (isAnotherWay(fields, values, before)) return "way";
  return isElsewhere(home(fields, values), home(fields, before)) ? "address" : null;
}

/** What has moved. */
type Moved = "address" | "way";

/** What the secret in the token's field is, in the middle of a sentence. */
export function nameOf({ label }: FormField): string {
  return label === "Password" ? "password" : "token";
}

/** The secrets that were typed, with another one; without it, where the stored one is to stay. */
export function withSecret(secrets: Values, key: string, value: string | null): Values {
  const others = Object.entries(secrets).filter(([other]) => other !== key);
  return Object.fromEntries(value === null ? others : [...others, [key, value]]);
}

export function tokenHint(field: FormField, typing: boolean, refused: boolean, moved: Moved | null): string {
  if (moved === "way") return `What is stored was for another way to sign in. ${field.help}`;
  if (moved === "address")
    return `This is the address of another server. Give its ${nameOf(field)}, or leave this empty if it needs none.`;
  if (refused && !typing)
    return "It was refused, or is not on this computer any more. Give it again; untouched, it stays as it is.";
  return field.help;
}
