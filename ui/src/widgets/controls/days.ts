import {
  type CalendarDate,
  getLocalTimeZone,
  parseAbsolute,
  parseDate,
  parseDateTime,
  toCalendarDate,
  toZoned,
} from "@internationalized/date";

/** A date and time that ends with how far it is from UTC. */
const OFFSET = /(?:[zZ]|[+-]\d{2}:?\d{2})$/;
/** Midnight, where it is said. */
const MIDNIGHT = /T00:00(?::00(?:\.0+)?)?(?:[zZ]|[+-]\d{2}:?\d{2})$/;

/**
 * The day that a server's text means; nothing if it means none. Midnight with an offset stands for the day as it is
 * written, anywhere; another moment is the day that it is here.
 */
export function dayOf(text: string | null): CalendarDate | null {
  if (text === null) return null;
  const trimmed = text.trim();
  try {
    if (!trimmed.includes("T")) return parseDate(trimmed.slice(0, 10));
    if (!OFFSET.test(trimmed)) return toCalendarDate(parseDateTime(trimmed));
    if (MIDNIGHT.test(trimmed)) return parseDate(trimmed.slice(0, 10));
    return toCalendarDate(parseAbsolute(withColon(trimmed), getLocalTimeZone()));
  } catch {
    return null;
  }
}

/** The beginning of a day here: ISO 8601, with the offset from UTC. */
export function isoOf(day: CalendarDate): string {
  return toZoned(day, getLocalTimeZone())
    .toString()
    .replace(/\[.*\]$/, "");
}

/** Some write an offset without a colon, which is ISO 8601 as well. */
function withColon(text: string): string {
  return text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2");
}
