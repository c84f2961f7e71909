import type { FormField } from "../gen/FormField";

/** The field of the person's key, whose stored value the core tells more of than of others. It may be a password. */
export const TOKEN = "token";

/** What stands in the fields of a form, by their keys. */
export type Values = Readonly<Record<string, string>>;

/** What a field holds, or what is meant if nothing was chosen. */
export function chosen(fields: readonly FormField[], values: Values, key: string): string {
  const value = values[key] ?? "";
  const input = fields.find((field) => field.key === key)?.input;
  return value === "" && input?.type === "choice" ? (input.choices[0]?.value ?? "") : value;
}

/** The fields that are there, with these values. */
export function present(fields: readonly FormField[], values: Values): FormField[] {
  return fields.filter(({ when }) => when === null || chosen(fields, values, when.key) === when.is);
}

/** Whether what is filled in is kept in the keychain, and never among the values. */
export function isSecret({ input }: FormField): boolean {
  return input.type === "secret" || input.type === "secret_headers";
}

/** Whether a field that must be filled in is empty. */
export function incomplete(fields: readonly FormField[], values: Values): boolean {
  return present(fields, values).some(
    (field) => field.required && !isSecret(field) && chosen(fields, values, field.key).trim() === "",
  );
}

/** The address that the token is sent to: to whoever one logs in to, whoever makes sessions, or the server itself. */
export function home(fields: readonly FormField[], values: Values): string {
  const there = present(fields, values).map(({ key }) => key);
  const key = ["login_url", "session_url"].find((maker) => there.includes(maker)) ?? "url";
  return values[key] ?? "";
}

/** Whether one signs in otherwise than before: then what was given for that is no answer any more. */
export function isAnotherWay(fields: readonly FormField[], values: Values, before: Values): boolean {
  return chosen(fields, values, "sign_in") !== chosen(fields, before, "sign_in");
}

/** Whether what is being typed is the address of another server. What is no address yet is not. */
export function isElsewhere(typed: string, known: string): boolean {
  return URL.canParse(typed) && URL.canParse(known) && new URL(typed).origin !== new URL(known).origin;
}
