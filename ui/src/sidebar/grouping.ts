import type { ThreadView } from "../gen/ThreadView";

/** Conversations under one heading. */
export interface Group {
  readonly label: string;
  readonly threads: readonly ThreadView[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The threads, latest first, under the headings of the person's calendar as it is at `now`. */
export function groupByDay(threads: readonly ThreadView[], now: Date): readonly Group[] {
  const groups: { label: string; threads: ThreadView[] }[] = [];
  for (const thread of threads) {
    const label = labelOf(new Date(thread.updated_at), now);
    const last = groups.at(-1);
    if (last?.label === label) last.threads.push(thread);
    else groups.push({ label, threads: [thread] });
  }
  return groups;
}

function labelOf(date: Date, now: Date): string {
  const days = daysBetween(date, now);
  // A clock that runs ahead elsewhere must not make a conversation vanish under a heading of the future.
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days <= 7) return "Previous 7 days";
  if (days <= 30) return "Previous 30 days";
  const sameYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString("en", sameYear ? { month: "long" } : { month: "long", year: "numeric" });
}

/** Calendar days from one date to another; midnights are compared in UTC, so a change of the clock counts nothing. */
function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / DAY_MS);
}
