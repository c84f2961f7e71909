import { expect, it } from "vitest";
import type { ThreadView } from "../gen/ThreadView";
import { combine, matchTitles } from "./matching";

function thread(id: string, title: string | null): ThreadView {
  return { id, connection: "c", title, status: { type: "active" }, updated_at: 0, activity: "idle" };
}

const THREADS = [thread("a", "Möwen am Meer"), thread("b", "The sea"), thread("c", null)];

it("finds titles that have every word, without case and accents", () => {
  const found = (query: string) => matchTitles(THREADS, query).map((view) => view.id);
  expect(found("mowen MEER")).toEqual(["a"]);
  expect(found("sea mowen")).toEqual([]);
  expect(found(" ")).toEqual(["a", "b", "c"]);
});

it("shows titles first, and a conversation once", () => {
  const [a, b] = THREADS;
  if (a === undefined || b === undefined) throw new Error("no threads");
  const hits = [a, b, b].map((view) => ({ thread: view, excerpt: "…" }));
  expect(combine([a], hits)).toEqual([
    { thread: a, excerpt: null },
    { thread: b, excerpt: "…" },
  ]);
});
