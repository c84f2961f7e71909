import type { FormField } from "../gen/FormField";

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

/** Whether a field that must be filled in is empty. */
export function incomplete(fields: readonly FormField[], values: Values): boolean {
  return present(fields, values).some(
    ({ required, input, key }) =>
      required && input.type !== "secret" && chosen(fields, values, key).trim() === "",
  );
}

/** The address that the token is sent to: whoever makes sessions with it, or the server itself. */
export function home(fields: readonly FormField[], values: Values): string {
  const maker = present(fields, values).find(({ key }) => key === "session_url" || key === "login_url");
  return values[maker?.key ?? "url"] ?? "";
}

/** Whether what is being typed is the address of another server. What is no address yet is not. */
export function isElsewhere(typed: string, known: string): boolean {
  return URL.canParse(typed) && URL.canParse(known) && new URL(typed).origin !== new URL(known).origin;
}
