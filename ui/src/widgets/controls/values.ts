/** What a control holds: text, a tick, or nothing where nothing is chosen. */
export type Value = string | boolean | null;

/** A control's name, in which dots nest, and what it holds. */
export interface Named {
  readonly name: string;
  readonly value: Value;
}

/** A payload with the values of a form, and the names for which it had no room. */
export interface Merged {
  readonly payload: unknown;
  /** Names of controls whose values were dropped. */
  readonly dropped: readonly string[];
}

type Fields = Record<string, unknown>;

/** Reaches the prototype of whatever such fields are copied into, here or at the server's. */
const FORBIDDEN = "__proto__";

/**
 * A payload with values merged into it by their names. What the payload has already stays, and so does the first of two
 * values of one name. The payload itself is not touched.
 */
export function merged(payload: unknown, values: readonly Named[]): Merged {
  const named = values.filter(({ name }) => name !== "");
  if (named.length === 0) return { payload, dropped: [] };
  const empty = payload === undefined || payload === null;
  const fields = empty ? fieldsOf({}) : copy(payload);
  // A payload that is a list or a text has no place for names.
  if (!isFields(fields)) return { payload, dropped: named.map(({ name }) => name) };
  const dropped = named.filter((one) => !put(fields, one)).map(({ name }) => name);
  const nothing = empty && Object.keys(fields).length === 0;
  return { payload: nothing ? payload : fields, dropped };
}

/** Puts a value where its name says, and says whether there was room. */
function put(fields: Fields, { name, value }: Named): boolean {
  const path = segments(name);
  const last = path.pop();
  if (last === undefined || last === FORBIDDEN || path.includes(FORBIDDEN)) return false;
  if (!hasRoom(fields, path, last)) return false;
  let at = fields;
  for (const segment of path) {
    const inner = at[segment];
    const next = isFields(inner) ? inner : fieldsOf({});
    at[segment] = next;
    at = next;
  }
  at[last] = value;
  return true;
}

/** Whether nothing stands in the way; asked before anything is made, or a dropped value would leave its empty path. */
function hasRoom(fields: Fields, path: readonly string[], last: string): boolean {
  let at: unknown = fields;
  for (const segment of path) {
    if (!isFields(at)) return false;
    if (!(segment in at)) return true;
    at = at[segment];
  }
  return isFields(at) && !(last in at);
}

/** A name that does not nest properly is one name. */
function segments(name: string): string[] {
  const path = name.split(".");
  return path.includes("") ? [name] : path;
}

/** Fields without a prototype: a name such as `constructor` is a name like any other in them. */
function fieldsOf(fields: Readonly<Fields>): Fields {
  return Object.assign(Object.create(null) as Fields, fields);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isFields(value)) return value;
  const fields = fieldsOf({});
  for (const [key, inner] of Object.entries(value)) fields[key] = copy(inner);
  return fields;
}
