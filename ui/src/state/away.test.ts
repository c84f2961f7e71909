import { describe, expect, it } from "vitest";
import { answerItem, userItem } from "../test/window";
import { bringBack, endOfAway, sendAway } from "./away";
import { EMPTY_DRAFT } from "./drafts";
import { reduceThread, type ThreadState } from "./thread";

const COUNT = 1000;

function view(place: number) {
  return place % 2 === 0 ? userItem(`i${place}`, "question") : answerItem(`i${place}`, "answer");
}

function long(): ThreadState {
  const state = reduceThread(null, {
    type: "snapshot",
    thread: {
      id: "t",
      connection: "c",
      title: null,
      status: { type: "active" },
      updated_at: 0,
      activity: "idle",
    },
    items: Array.from({ length: COUNT }, (_, place) => view(place)),
    has_older: false,
    turn: { phase: "idle", progress: null, outcome: null, held: null },
    context: null,
    model: null,
    draft: EMPTY_DRAFT,
  });
  if (state === null) throw new Error("no state");
  return state;
}

const away = (state: ThreadState) => state.items.filter((item) => item.body.kind === "away").length;

describe("what is far from the view", () => {
  const near = { first: 500, last: 510, height: (place: number) => place };

  it("goes, and leaves its place with its height", () => {
    const state = sendAway(long(), near);
    expect(state.items.length).toBe(COUNT);
    expect(away(state)).toBe(COUNT - 311);
    expect(state.items[0]?.body).toEqual({ kind: "away", of: "user_message", height: 0 });
    expect(state.items[661]?.body).toEqual({ kind: "away", of: "assistant_message", height: 661 });
    expect(state.items[500]?.body.kind).toBe("user_message");
  });

  it("stays as it is when nothing more is far", () => {
    const state = sendAway(long(), near);
    expect(sendAway(state, near)).toBe(state);
  });

  it("stays when it is not finished", () => {
    const whole = long();
    const growing = {
      ...whole,
      items: whole.items.map((item) => ({ ...item, stage: "streaming" as const })),
    };
    expect(sendAway(growing, near)).toBe(growing);
  });

  it("comes back with its neighbours, under its key", () => {
    const state = sendAway(long(), near);
    const before = endOfAway(state, "i300");
    expect(before).toBe("i350");
    const back = bringBack(
      state,
      Array.from({ length: 100 }, (_, at) => view(250 + at)),
    );
    expect(away(back)).toBe(away(state) - 100);
    expect(back.items[300]?.body.kind).toBe("user_message");
    expect(back.items[300]?.key).toBe("i300");
    expect(endOfAway(back, "i300")).toBeNull();
  });

  it("is asked for up to what is here", () => {
    const state = sendAway(long(), near);
    expect(endOfAway(state, "i340")).toBe("i350");
    expect(bringBack(state, [])).toBe(state);
  });
});
