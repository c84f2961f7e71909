import type { Choice } from "../../gen/widget/Choice";

/** The key of a choice at its place. Values are the server's: two may be alike, and one may be empty. */
export function placeOf(place: number): string {
  return `choice-${place}`;
}

/** The key of the first choice that has a value. */
export function keyOf(options: readonly Choice[], value: string | null): string | null {
  const place = options.findIndex((choice) => choice.value === value);
  return place < 0 ? null : placeOf(place);
}

/** The value of the choice with a key. */
export function valueAt(options: readonly Choice[], key: unknown): string | null {
  return options.find((_, place) => placeOf(place) === key)?.value ?? null;
}
