/**
 * A value like `next` that is made of parts of `before` wherever the two are alike. A server sends a widget as a whole
 * with each change; what comes out of this has a new identity only where something changed, and only that is drawn anew.
 */
export function shared<T>(before: unknown, next: T): T {
  return same(before, next) as T;
}

function same(before: unknown, next: unknown): unknown {
  if (Object.is(before, next)) return before;
  if (Array.isArray(next)) {
    if (!Array.isArray(before)) return next;
    const made = next.map((item, index) => same(before[index], item));
    return made.length === before.length && made.every((item, index) => item === before[index])
      ? before
      : made;
  }
  if (!isRecord(next) || !isRecord(before)) return next;
  const keys = Object.keys(next);
  const made = Object.fromEntries(keys.map((key) => [key, same(before[key], next[key])]));
  const isAlike =
    keys.length === Object.keys(before).length && keys.every((key) => made[key] === before[key]);
  return isAlike ? before : made;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
