import { expect, it, vi } from "vitest";
import type { HeldView } from "../gen/HeldView";
import type { ItemView } from "../gen/ItemView";
import type { TurnView } from "../gen/TurnView";
import { EMPTY_DRAFT } from "../state/drafts";
import { reduceThread, type ThreadState } from "../state/thread";
import { questionsItem, toolItem } from "../test/kinds";
import { answerItem, goesOn, userItem } from "../test/window";
import { advance } from "./Announcer";

const RUNNING: TurnView = { phase: "streaming", progress: null, outcome: null, held: null };

function thread(turn: TurnView, ...answers: string[]): ThreadState {
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
    items: [userItem("u", "?"), ...answers.map((text, index) => answerItem(`a${index}`, text))],
    has_older: false,
    context: null,
    model: null,
    turn,
    draft: EMPTY_DRAFT,
  });
  if (state === null) throw new Error("no state");
  return state;
}

it("is silent about what stood there, and says what comes, then that it is over", () => {
  const idle: TurnView = { phase: "idle", progress: null, outcome: null, held: null };
  let step = advance(null, "t", thread(idle, "Old answer."));
  expect(step.say).toBeNull();
  step = advance(step.progress, "t", thread({ ...RUNNING, phase: "waiting" }, "Old answer."));
  expect(step.say).toBeNull();

  const state = thread(RUNNING, "Old answer.", "New answer. It");
  step = advance(step.progress, "t", state);
  expect(step.say).toBe("New answer.");
  step = advance(step.progress, "t", state);
  expect(step.say).toBeNull();
  reduceThread(state, {
    type: "batch",
    ops: [{ op: "patch", id: "a1", part: 0, patches: goesOn(" goes on") }],
  });
  step = advance(step.progress, "t", { ...state, turn: { ...idle, outcome: { type: "done" } } });
  expect(step.say).toBe("It goes on End of answer.");
});

it("says why an answer broke off", () => {
  const step = advance(null, "t", thread(RUNNING, "Half"));
  const failure = { code: "idle_timeout", message: "The server went silent." } as const;
  const outcome = { type: "interrupted", failure, can_retry: true } as const;
  const { say } = advance(step.progress, "t", thread({ ...RUNNING, phase: "idle", outcome }, "Half"));
  expect(say).toBe("The answer was interrupted. The server went silent.");
});

it("says once why a message waits and for how long, and that it goes out", () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const held: HeldView = { why: "rate_limited", until: 1_012_000, failure: null };
  let step = advance(null, "t", thread({ ...RUNNING, phase: "waiting" }));
  step = advance(step.progress, "t", thread({ ...RUNNING, phase: "held", held }));
  expect(step.say).toBe("The server asks to wait. Your message waits, and goes out in 12 seconds.");
  vi.advanceTimersByTime(1000);
  step = advance(step.progress, "t", thread({ ...RUNNING, phase: "held", held }));
  expect(step.say).toBeNull();
  const own = thread({ ...RUNNING, phase: "held", held: { ...held, why: "own_limit" } });
  expect(advance(null, "t", own).say).toBeNull();
  step = advance(step.progress, "t", thread({ ...RUNNING, phase: "waiting" }));
  expect(step.say).toBe("Your message is being sent.");
  step = advance(step.progress, "t", own);
  expect(step.say).toContain("Your limit of messages is reached.");
  vi.useRealTimers();
});

it("begins anew with another thread", () => {
  const step = advance(null, "t", thread(RUNNING, "One."));
  expect(advance(step.progress, "other", thread(RUNNING, "Two. ")).say).toBeNull();
  expect(advance(step.progress, null, null)).toEqual({ progress: null, say: null });
});

it("says once that questions are asked, that a tool waits for consent, and that a card has come", () => {
  const idle: TurnView = { phase: "idle", progress: null, outcome: null, held: null };
  const before = thread(idle, "Look.");
  const put = (state: ThreadState, item: ItemView) =>
    reduceThread(state, { type: "batch", ops: [{ op: "put_item", item, after: "a0", replaces: null }] });
  let step = advance(null, "t", before);
  const say = (item: ItemView) => {
    step = advance(step.progress, "t", put(before, item));
    return step.say;
  };
  expect(say(questionsItem({ is_open: false }))).toBeNull();
  expect(say(questionsItem())).toBe("The assistant asks 3 questions, in place of the message field.");
  expect(say(questionsItem())).toBeNull();
  expect(say(toolItem({}))).toBe(
    "The assistant asks to use the tool open_link. Nothing is done before you agree.",
  );
  expect(say(toolItem({ state: "running" }))).toBeNull();
  const card = { kind: "widget", root: null, hints: [], copy_text: null } as const;
  const widget: ItemView = { id: "w", stage: "done", body: { ...card, hints: [] } };
  expect(say(widget)).toBe("The assistant shows a card.");
  // Of a conversation that is opened, nothing has just come.
  expect(advance(null, "t", put(before, widget)).say).toBeNull();
});
