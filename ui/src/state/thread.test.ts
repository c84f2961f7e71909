import { describe, expect, it } from "vitest";
import type { ThreadMessage } from "../gen/ThreadMessage";
import type { ThreadOp } from "../gen/ThreadOp";
import { answerItem, begins, goesOn, userItem } from "../test/window";
import { EMPTY_DRAFT } from "./drafts";
import { prependOlder, reduceThread, type ThreadState } from "./thread";

const SNAPSHOT: ThreadMessage = {
  type: "snapshot",
  thread: {
    id: "t",
    connection: "c",
    title: "Title",
    status: { type: "active" },
    updated_at: 0,
    activity: "idle",
  },
  items: [userItem("u", "question"), answerItem("a", "answer")],
  has_older: true,
  turn: { phase: "idle", progress: null, outcome: null, held: null },
  context: null,
  model: null,
  draft: { ...EMPTY_DRAFT, text: "half" },
};

function snapshot(): ThreadState {
  const state = reduceThread(null, SNAPSHOT);
  if (state === null) throw new Error("no state");
  return state;
}

function apply(state: ThreadState, ...ops: ThreadOp[]): ThreadState {
  const next = reduceThread(state, { type: "batch", ops });
  if (next === null) throw new Error("no state");
  return next;
}

const ids = (state: ThreadState) => state.items.map((item) => item.id);

function textOf(state: ThreadState, id: string): string {
  const body = state.items.find((item) => item.id === id)?.body;
  return body?.kind === "assistant_message" ? body.parts.map((part) => part.plainText.trim()).join("|") : "";
}

describe("a thread's state", () => {
  it("is nothing before the first snapshot, whatever a batch says", () => {
    expect(reduceThread(null, { type: "batch", ops: [{ op: "remove_item", id: "a" }] })).toBeNull();
  });

  it("is replaced as a whole by a snapshot", () => {
    const grown = apply(snapshot(), { op: "notice", notice: { level: "info", title: null, message: "!" } });
    const fresh = reduceThread(grown, { ...SNAPSHOT, items: [userItem("other", "x")] });
    expect(fresh?.items.map((item) => item.id)).toEqual(["other"]);
    expect(fresh?.notices).toEqual([]);
  });

  it("puts a new item after the one it names", () => {
    const op: ThreadOp = { op: "put_item", item: userItem("x", "new"), after: "u", replaces: null };
    expect(ids(apply(snapshot(), op))).toEqual(["u", "x", "a"]);
  });

  it("puts an item that follows nothing first in a thread that is here as a whole", () => {
    const op: ThreadOp = { op: "put_item", item: userItem("x", "new"), after: null, replaces: null };
    expect(ids(apply({ ...snapshot(), hasOlder: false }, op))).toEqual(["x", "u", "a"]);
  });

  it("leaves out an item that is older than what is here", () => {
    const op: ThreadOp = { op: "put_item", item: userItem("x", "old"), after: "long ago", replaces: null };
    expect(ids(apply(snapshot(), op))).toEqual(["u", "a"]);
    expect(ids(apply(snapshot(), { ...op, after: null }))).toEqual(["u", "a"]);
  });

  it("puts an item in the place of the bubble it replaces, and keeps the bubble's key", () => {
    const op: ThreadOp = { op: "put_item", item: userItem("server", "question"), after: "a", replaces: "u" };
    const state = apply(snapshot(), op);
    expect(ids(state)).toEqual(["server", "a"]);
    expect(state.items[0]?.key).toBe("u");
  });

  it("never shows an item twice when its bubble and itself are both there", () => {
    const both = apply(snapshot(), { op: "put_item", item: userItem("s", "q"), after: "a", replaces: null });
    const state = apply(both, { op: "put_item", item: userItem("s", "q"), after: null, replaces: "u" });
    expect(ids(state)).toEqual(["s", "a"]);
  });

  it("puts a changed item in its own place", () => {
    const op: ThreadOp = { op: "put_item", item: userItem("u", "changed"), after: "a", replaces: null };
    const state = apply(snapshot(), op);
    expect(ids(state)).toEqual(["u", "a"]);
    expect(state.items[0]?.body).toMatchObject({ text: "changed" });
  });

  it("lets text grow without a new state, so that nothing is drawn again", () => {
    const state = snapshot();
    const next = apply(state, { op: "patch", id: "a", part: 0, patches: goesOn(", and more") });
    expect(next).toBe(state);
    expect(textOf(next, "a")).toBe("answer, and more");
  });

  it("makes the parts that a patch names and that are missing", () => {
    const next = apply(snapshot(), { op: "patch", id: "a", part: 2, patches: begins("third") });
    expect(textOf(next, "a")).toBe("answer||third");
  });

  it("applies the changes of a batch in their order", () => {
    const next = apply(
      snapshot(),
      { op: "put_item", item: { ...answerItem("b", "one"), stage: "streaming" }, after: "a", replaces: null },
      { op: "patch", id: "b", part: 0, patches: goesOn(" two") },
      { op: "stage", id: "b", stage: "done" },
      { op: "remove_item", id: "u" },
    );
    expect(ids(next)).toEqual(["a", "b"]);
    expect(textOf(next, "b")).toBe("one two");
    expect(next.items[1]?.stage).toBe("done");
  });

  it("ignores changes of items that are not there, and changes of a newer core", () => {
    const state = snapshot();
    expect(apply(state, { op: "stage", id: "none", stage: "done" })).toBe(state);
    expect(apply(state, { op: "later" } as unknown as ThreadOp)).toBe(state);
  });

  it("shows a kind of a newer core as unknown", () => {
    const item = { id: "n", stage: "done", body: { kind: "hologram" } } as unknown as ReturnType<
      typeof userItem
    >;
    const state = apply(snapshot(), { op: "put_item", item, after: "a", replaces: null });
    expect(state.items[2]?.body).toEqual({ kind: "unknown", name: "hologram", text: null });
  });

  it("takes older items before the others, once, and counts them", () => {
    const older = { items: [userItem("o", "old"), userItem("u", "question")], has_older: false };
    const state = prependOlder(snapshot(), older);
    expect(ids(state)).toEqual(["o", "u", "a"]);
    expect(state).toMatchObject({ hasOlder: false, prepended: 1 });
  });
});
