import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ItemView } from "../gen/ItemView";
import { FakeCore, failureOf, GUIDE, IDLE } from "../host/fake";
import { routeView } from "../host/fakeRoutes";
import { EMPTY_DRAFT } from "../state/drafts";
import { reduceThread } from "../state/thread";
import { answerItem, openWindow, userItem } from "../test/window";
import { advance } from "./Announcer";

const WHY = "Own backend cannot be reached";
const HANDOVER: ItemView = { id: "h", stage: "done", body: { kind: "handover", to: "OpenAI", why: WHY } };

function core(): FakeCore {
  const core = new FakeCore();
  const server = { ...GUIDE, builtin: false, prompts: [] };
  const route = routeView("r", "Office", ["own", "openai"], { answers: "openai", why: WHY });
  const own = {
    ...server,
    id: "own",
    name: "Own backend",
    state: { type: "failing" as const, failure: failureOf("unreachable", "Nothing answers.") },
  };
  core.connections = [route, own, { ...server, id: "openai", name: "OpenAI" }, GUIDE];
  core.addThread({ id: "t", connection: "r", title: "Tides", answering: { name: "OpenAI", why: WHY } }, [
    userItem("u", "When is high tide?"),
    HANDOVER,
    answerItem("a", "At nine."),
  ]);
  return core;
}

async function opened() {
  const window = await openWindow(core());
  await window.user.click(await screen.findByRole("button", { name: /^Tides/ }));
  await screen.findAllByTestId("item");
  return window;
}

it("says in the thread and above it who answers, and why", async () => {
  const { core: fake, user } = await opened();
  expect(screen.getByTestId("handover").textContent).toBe(`OpenAI answers from here on: ${WHY}.`);
  const badge = screen.getByTestId("connection-state");
  expect(badge.textContent).toBe(`OfficeAnswered by OpenAI: ${WHY}`);
  await user.click(badge);
  const members = within(await screen.findByRole("list", { name: "Asked in this order" })).getAllByRole(
    "listitem",
  );
  expect(members.map((member) => member.textContent)).toEqual([
    "Own backendNo connection",
    "OpenAIConnected",
  ]);
  await user.keyboard("{Escape}");
  act(() => fake.change("t", { answering: { name: "Own backend", why: null } }));
  await waitFor(() => expect(badge.textContent).toBe("OfficeAnswered by Own backend"));
});

it("offers a route where one chooses whom to talk to, and says before the first message who would answer", async () => {
  const { user } = await openWindow(core());
  expect(screen.getByTestId("connection-state").textContent).toBe(`Answered by OpenAI: ${WHY}`);
  await user.click(screen.getByTestId("connection-picker"));
  expect(await screen.findByRole("menuitem", { name: "Office, route, Connected" })).toBeTruthy();
});

it("asks the next one only when the person says so", async () => {
  const { core: fake, user } = await opened();
  const failure = failureOf("interrupted", "The connection broke.");
  const outcome = { type: "interrupted" as const, failure, can_retry: true };
  const turn = { ...IDLE, outcome, next: { connection: "openai", name: "OpenAI" } };
  act(() => fake.batch("t", { op: "turn", turn }));
  expect(fake.count("ask_next")).toBe(0);
  await user.click(await screen.findByRole("button", { name: "Ask OpenAI instead" }));
  expect(fake.calls.at(-1)).toEqual({ command: "ask_next", args: { thread: "t" } });
  act(() => fake.batch("t", { op: "turn", turn: { ...IDLE, outcome } }));
  await waitFor(() => expect(screen.queryByTestId("ask-next")).toBeNull());
});

it("reads out that another one answers, before its answer", () => {
  const state = (...items: ItemView[]) =>
    reduceThread(null, {
      type: "snapshot",
      thread: {
        id: "t",
        connection: "r",
        title: null,
        status: { type: "active" },
        updated_at: 0,
        activity: "idle",
      },
      items,
      has_older: false,
      turn: { phase: "streaming", progress: null, outcome: null, held: null },
      context: null,
      model: null,
      draft: EMPTY_DRAFT,
    });
  const begun = advance(null, "t", state(userItem("u", "?")));
  const step = advance(
    begun.progress,
    "t",
    state(userItem("u", "?"), HANDOVER, answerItem("a", "At nine. And")),
  );
  expect(step.say).toBe(`OpenAI answers from here on: ${WHY}. At nine.`);
});
