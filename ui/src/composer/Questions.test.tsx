import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ItemView } from "../gen/ItemView";
import { FakeCore, failureOf } from "../host/fake";
import { faults } from "../test/faults";
import { QUESTIONS, questionsItem } from "../test/kinds";
import { openWindow, userItem } from "../test/window";

let made = 0;

/** A window with questions under an id of their own: drafts of answers are kept by it. */
async function ask(view: Parameters<typeof questionsItem>[0] = {}) {
  made += 1;
  const id = `q${made}`;
  const core = new FakeCore();
  core.addThread({ id: "t", title: "Paint" }, [userItem("u", "Paint it"), questionsItem(view, id)]);
  core.addThread({ id: "other", title: "Other" });
  const opened = await openWindow(core);
  act(() => opened.client.open("t"));
  await screen.findByTestId("questions");
  const given = () =>
    core.calls.filter(({ command }) => command === "answer_questions").map(({ args }) => args);
  const put = (item: ItemView) =>
    act(() => core.batch("t", { op: "put_item", item, after: "u", replaces: null }));
  return { ...opened, id, given, put };
}

it("takes the place of the message field, and the keyboard with it", async () => {
  await ask();
  await screen.findByTestId("question-form");
  expect(screen.queryByTestId("composer-input")).toBeNull();
  expect(document.activeElement?.getAttribute("type")).toBe("radio");
  expect(screen.getByRole("radiogroup", { name: "Which colour?" })).toBeTruthy();
  expect(screen.getByRole("group", { name: "Which days?" })).toBeTruthy();
  const more = screen.getByRole("textbox", { name: "Anything else?" });
  expect(document.getElementById(more.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
    "A line is enough.",
  );
  expect(await faults()).toEqual([]);
});

it("sends what was chosen and written, and passes over what was left empty", async () => {
  const { user, id, given } = await ask();
  await user.click(await screen.findByRole("radio", { name: "Blue" }));
  await user.click(screen.getByRole("checkbox", { name: "Monday" }));
  await user.type(screen.getByRole("textbox", { name: "Another answer to: Which days?" }), " Sunday ");
  await user.click(screen.getByRole("button", { name: "Send answers" }));
  expect(given()).toEqual([
    {
      thread: "t",
      item: id,
      answer: {
        skipped: false,
        answers: {
          colour: { values: ["Blue"], skipped: false },
          days: { values: ["Monday", "Sunday"], skipped: false },
          more: { values: [], skipped: true },
        },
      },
    },
  ]);
});

it("takes own words in place of one suggestion, by Ctrl+Enter and not by Enter or Escape", async () => {
  const { user, given } = await ask();
  await user.click(await screen.findByRole("radio", { name: "Green" }));
  await user.type(
    screen.getByRole("textbox", { name: "Another answer to: Which colour?" }),
    "Sea{Enter}{Escape}",
  );
  expect(given()).toEqual([]);
  await user.keyboard("{Control>}{Enter}{/Control}");
  const answers = { colour: { values: ["Sea"], skipped: false } };
  expect(given()[0]).toMatchObject({ answer: { skipped: false, answers } });
});

it("sends nothing before there is an answer, and skips all of it", async () => {
  const { user, given } = await ask();
  expect((await screen.findByRole("button", { name: "Send answers" })).hasAttribute("disabled")).toBe(true);
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(given()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Skip" }));
  expect(given()[0]).toMatchObject({ answer: { skipped: true, answers: {} } });
});

it("keeps what was put in when it could not be sent, and over a look at another conversation", async () => {
  const { core, client, user, given } = await ask();
  core.failNext("answer_questions", failureOf("disk_full", "The disk is full."));
  const more = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Anything else?" });
  await user.type(await more(), "Soon");
  await user.click(screen.getByRole("button", { name: "Send answers" }));
  await waitFor(() => expect(client.app.get().problems).toHaveLength(1));
  expect((await more()).value).toBe("Soon");
  act(() => client.open("other"));
  await screen.findByTestId("composer-input");
  act(() => client.open("t"));
  expect((await more()).value).toBe("Soon");
  await user.click(screen.getByRole("button", { name: "Send answers" }));
  expect(given()).toHaveLength(2);
});

it("gives the message field back, and shows what was answered, skipped, or cannot be answered", async () => {
  const { id, put } = await ask();
  await screen.findByTestId("question-form");
  put(questionsItem({ is_open: false }, id));
  expect((await screen.findByTestId("composer-input")).localName).toBe("textarea");
  expect(screen.getByTestId("questions").textContent).toContain("Questions that were not answered");
  expect(screen.getByTestId("questions").textContent).toContain("Green · Blue");
  const answers = [{ values: ["Green"], skipped: false }, { values: [], skipped: true }, null];
  const questions = QUESTIONS.questions.map((one, index) => ({ ...one, answer: answers[index] ?? null }));
  put(questionsItem({ is_open: false, status: "answered", questions }, id));
  const terms = [...document.querySelectorAll("dd")].map((answer) => answer.textContent);
  expect(terms).toEqual(["Green", "Skipped", "Skipped"]);
  expect(await faults()).toEqual([]);
  put(questionsItem({ is_open: false, status: "skipped" }, id));
  expect(screen.getByTestId("questions").textContent).toContain("You skipped the questions");
});
