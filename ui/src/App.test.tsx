import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeCore, failureOf } from "./host/fake";
import { answerItem, begins, goesOn, openWindow, userItem } from "./test/window";

const composer = () => screen.getByTestId<HTMLTextAreaElement>("composer-input");
const button = () => screen.getByTestId("composer-button");
const items = () => screen.getAllByTestId("item");
const phase = () => screen.getByTestId("thread").dataset["phase"];

/** A core with two conversations. */
function furnished(): FakeCore {
  const core = new FakeCore();
  core.addThread({ id: "tides", title: "Tides", updated_at: core.now - 1000 }, [
    userItem("u1", "When is high tide?"),
    answerItem("a1", "At nine."),
  ]);
  core.addThread({ id: "gulls", title: "Gulls", updated_at: core.now - 2000 }, [
    userItem("u2", "Which gull?"),
  ]);
  return core;
}

/** The row of a conversation in the sidebar. */
function row(title: string): HTMLElement {
  const found = screen.getAllByTestId("thread-row").find((element) => element.textContent?.startsWith(title));
  if (found === undefined) throw new Error(`no row ${title}`);
  return found;
}

const open = (title: string) => within(row(title)).getByRole("button", { name: new RegExp(`^${title}`) });

describe("a conversation", () => {
  it("begins on the start screen with a prompt, streams, and ends", async () => {
    const { core, user } = await openWindow();
    expect(screen.getByTestId("app").dataset["state"]).toBe("ready");
    const [prompt] = screen.getAllByTestId("start-prompt");
    await user.click(prompt as HTMLElement);

    await waitFor(() => expect(phase()).toBe("waiting"));
    const [thread] = [...core.threads.keys()];
    if (thread === undefined) throw new Error("no thread");
    expect(items()[0]?.dataset).toMatchObject({ kind: "user_message", stage: "sending" });
    expect(button().dataset["action"]).toBe("stop");

    act(() => core.confirm(thread));
    expect(items()[0]?.dataset["stage"]).toBe("done");

    let answer = "";
    act(() => {
      answer = core.beginAnswer(thread);
      core.grow(thread, answer, begins("Hello"));
    });
    await waitFor(() => expect(items()).toHaveLength(2));
    const element = items()[1];
    act(() => core.grow(thread, answer, goesOn(", world")));
    expect(element?.textContent).toContain("Hello, world");
    expect(phase()).toBe("streaming");

    act(() => core.end(thread, { type: "done" }));
    expect(screen.getByTestId("message-text").textContent).toBe("What can you do?");
    expect(screen.getByTestId("answer-text").textContent).toBe("Hello, world");
    expect(items()[1]).toBe(element);
    expect(element?.dataset["stage"]).toBe("done");
    expect(button().dataset["action"]).toBe("send");
  });

  it("is continued from the composer with Enter, and broken into lines with Shift+Enter", async () => {
    const { core, user } = await openWindow(furnished());
    await user.click(open("Tides"));
    await screen.findByText("When is high tide?");
    await user.type(composer(), "One{Shift>}{Enter}{/Shift}Two");
    expect(composer().value).toBe("One\nTwo");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(core.count("send")).toBe(1));
    expect(core.calls.find((call) => call.command === "send")?.args["request"]).toMatchObject({
      connection: "guide",
      thread: "tides",
      text: "One\nTwo",
      files: [],
    });
    expect(composer().value).toBe("");
  });

  it("is stopped with Escape or the button, and can be written in meanwhile, not sent", async () => {
    const { core, user } = await openWindow(furnished());
    await user.click(open("Tides"));
    await screen.findByText("When is high tide?");
    await user.type(composer(), "More{Enter}");
    await waitFor(() => expect(phase()).toBe("waiting"));
    await user.type(composer(), "next{Enter}");
    expect(core.count("send")).toBe(1);
    expect(screen.getByText(/when the answer is finished/)).toBeTruthy();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(phase()).toBe("idle"));
    expect(core.count("stop")).toBe(1);
    await user.keyboard("{Escape}");
    expect(core.count("stop")).toBe(1);
    expect(composer().value).toBe("next");
  });

  it("says what happened when a turn fails, and tries again", async () => {
    const { core, user } = await openWindow(furnished());
    await user.click(open("Tides"));
    await screen.findByText("When is high tide?");
    await user.type(composer(), "Again?{Enter}");
    await waitFor(() => expect(phase()).toBe("waiting"));
    const failure = failureOf("unreachable", "Nobody answers at example.com.", "ECONNREFUSED");
    act(() => core.end("tides", { type: "failed", failure, can_retry: true }));
    const card = await screen.findByTestId("failure");
    expect(card.textContent).toContain("Nobody answers");
    expect(items().at(-1)?.dataset["stage"]).toBe("unsent");
    expect(items().at(-1)?.textContent).toContain("Not sent");
    expect(screen.getAllByTestId("try-again")).toHaveLength(1);
    await user.click(screen.getByTestId("try-again"));
    await waitFor(() => expect(phase()).toBe("waiting"));
    expect(core.count("retry")).toBe(1);
    expect(screen.queryByTestId("failure")).toBeNull();
  });

  it("gives a message back that could not be handed over", async () => {
    const { core, user } = await openWindow(furnished());
    await user.click(open("Tides"));
    await screen.findByText("When is high tide?");
    core.failNext("send", failureOf("busy", "Still answering."));
    await user.type(composer(), "Lost?{Enter}");
    await screen.findByTestId("problem");
    expect(composer().value).toBe("Lost?");
  });
});

describe("conversations", () => {
  it("streams while another is on screen", async () => {
    const { core, user } = await openWindow(furnished());
    await user.click(open("Tides"));
    await screen.findByText("When is high tide?");
    await user.type(composer(), "Go on{Enter}");
    await waitFor(() => expect(row("Tides").dataset["activity"]).toBe("running"));
    await user.click(open("Gulls"));
    await screen.findByText("Which gull?");
    await waitFor(() => expect(core.count("unsubscribe")).toBe(1));
    act(() => {
      core.confirm("tides");
      core.grow("tides", core.beginAnswer("tides"), begins("Later"));
      core.end("tides", { type: "done" });
    });
    expect(row("Tides").dataset["activity"]).toBe("unread");
    expect(screen.queryByText("Later")).toBeNull();
    await user.click(open("Tides"));
    await screen.findByText("Later");
    expect(row("Tides").dataset["activity"]).toBe("idle");
  });

  it("comes back whole after a reload in the middle of an answer", async () => {
    const first = await openWindow(furnished());
    await first.user.click(open("Tides"));
    await screen.findByText("When is high tide?");
    await first.user.type(composer(), "Go on{Enter}");
    await waitFor(() => expect(phase()).toBe("waiting"));
    let answer = "";
    act(() => {
      answer = first.core.beginAnswer("tides");
      first.core.grow("tides", answer, begins("Before"));
    });
    cleanup();

    await openWindow(first.core, first.place);
    await screen.findByText("Before");
    expect(phase()).toBe("streaming");
    act(() => first.core.grow("tides", answer, goesOn(" and after")));
    await screen.findByText("Before and after");
  });

  it("takes no messages when it is locked or closed, and says why", async () => {
    const core = furnished();
    core.addThread({ id: "locked", title: "Locked", status: { type: "locked", reason: "Under review." } });
    core.addThread({ id: "closed", title: "Closed", status: { type: "closed", reason: "Done with." } });
    const { user } = await openWindow(core);
    await user.click(open("Locked"));
    await waitFor(() => expect(composer().placeholder).toBe("Under review."));
    expect(composer().disabled).toBe(true);
    await user.click(open("Closed"));
    await screen.findByText("Done with.");
    expect(screen.queryByTestId("composer-input")).toBeNull();
  });

  it("keeps what was half written, for each conversation and the start screen", async () => {
    const { core, user } = await openWindow(furnished());
    await user.type(composer(), "to nobody yet");
    await user.click(open("Tides"));
    await screen.findByText("When is high tide?");
    expect(core.draft).toBe("to nobody yet");
    await user.type(composer(), "to the tides");
    await user.click(screen.getByTestId("new-thread"));
    expect(composer().value).toBe("to nobody yet");
    expect(core.threads.get("tides")?.draft).toBe("to the tides");
  });
});

describe("the sidebar", () => {
  it("renames with F2, and leaves the title with Escape", async () => {
    const { core, user } = await openWindow(furnished());
    open("Tides").focus();
    await user.keyboard("{F2}");
    await user.keyboard("High water{Enter}");
    await waitFor(() => expect(core.threads.get("tides")?.view.title).toBe("High water"));
    open("Gulls").focus();
    await user.keyboard("{F2}Nonsense{Escape}");
    expect(core.count("rename_thread")).toBe(1);
    expect(row("Gulls")).toBeTruthy();
  });

  it("deletes, and takes it back with the toast or the shortcut", async () => {
    const { core, user } = await openWindow(furnished());
    await user.click(open("Tides"));
    await screen.findByText("When is high tide?");
    open("Tides").focus();
    await user.keyboard("{Delete}");
    await waitFor(() => expect(core.threads.has("tides")).toBe(false));
    await screen.findByTestId("start");
    await user.click(await screen.findByTestId("undo"));
    await screen.findByText("When is high tide?");

    open("Gulls").focus();
    await user.keyboard("{Delete}");
    await screen.findByTestId("undo");
    expect(core.threads.has("gulls")).toBe(false);
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(() => expect(core.threads.has("gulls")).toBe(true));
    expect(screen.queryByTestId("undo")).toBeNull();
  });

  it("is walked with the arrows", async () => {
    const { user } = await openWindow(furnished());
    open("Tides").focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toBe(open("Gulls"));
    await user.keyboard("{Enter}");
    await screen.findByText("Which gull?");
  });

  it("offers a menu", async () => {
    const { core, user } = await openWindow(furnished());
    await user.click(screen.getByRole("button", { name: "Actions for Gulls" }));
    await user.click(await screen.findByRole("menuitem", { name: /Delete/ }));
    await waitFor(() => expect(core.threads.has("gulls")).toBe(false));
  });
});

describe("the keyboard", () => {
  it("finds a conversation by its title, and by what was said", async () => {
    const { core, user } = await openWindow(furnished());
    const gulls = core.threads.get("gulls")?.view;
    if (gulls === undefined) throw new Error("no thread");
    core.hits = [{ thread: gulls, excerpt: "a herring gull" }];
    await user.keyboard("{Control>}k{/Control}");
    const dialog = await screen.findByTestId("find-dialog");
    await user.keyboard("herring");
    await within(dialog).findByText("herring");
    await user.keyboard("{ArrowDown}{Enter}");
    await screen.findByText("Which gull?");
    expect(screen.queryByTestId("find-dialog")).toBeNull();
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByTestId("find-dialog");
    await user.keyboard("gull{ArrowDown}{Escape}");
    await waitFor(() => expect(screen.queryByTestId("find-dialog")).toBeNull());
  });

  it("opens the settings, a new conversation and the sidebar", async () => {
    const { user } = await openWindow(furnished());
    await user.click(open("Tides"));
    await user.keyboard("{Control>}n{/Control}");
    await screen.findByTestId("start");
    expect(document.activeElement).toBe(composer());
    await user.keyboard("{Control>}b{/Control}");
    expect(screen.queryByTestId("new-thread")).toBeNull();
    await user.keyboard("{Control>}b{/Control}");
    await user.keyboard("{Control>},{/Control}");
    await screen.findByTestId("settings");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("settings")).toBeNull());
  });
});

describe("the page and the core", () => {
  it("says once that it is ready, and then that it was drawn", async () => {
    const { core, client } = await openWindow();
    await waitFor(() => expect(core.count("drawn")).toBe(1));
    client.ready();
    client.ready();
    await client.drawn();
    expect([core.count("ready"), core.count("drawn")]).toEqual([1, 1]);
  });

  it("follows the appearance", async () => {
    const { core } = await openWindow();
    act(() => core.toApp({ type: "appearance", appearance: { theme: "dark" } }));
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    act(() => core.toApp({ type: "appearance", appearance: { theme: "system" } }));
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
  });

  it("keeps its place when older messages come", async () => {
    const core = new FakeCore();
    core.addThread({ id: "long", title: "Long" }, [userItem("new", "newest")], [userItem("old", "oldest")]);
    const { user, client } = await openWindow(core);
    await user.click(open("Long"));
    await screen.findByText("newest");
    await act(() => client.thread.loadOlder());
    expect(items().map((item) => item.dataset["id"])).toEqual(["old", "new"]);
    expect(client.thread.state.get().thread?.hasOlder).toBe(false);
  });

  it("names a call that it does not know", async () => {
    await expect(new FakeCore().invoke("make_coffee", {})).rejects.toThrow("make_coffee");
  });
});

describe("a link in an answer", () => {
  /** A window on an answer with one link, which was clicked. */
  async function clicked() {
    const core = new FakeCore();
    core.addThread({ id: "link", title: "Link" }, [
      {
        id: "a",
        stage: "done",
        body: {
          kind: "assistant_message",
          parts: [
            [
              { op: "open", id: 1, parent: 0, node: { type: "paragraph" } },
              {
                op: "open",
                id: 2,
                parent: 1,
                node: { type: "link", href: "https://evil.example/x", title: null },
              },
              { op: "open", id: 3, parent: 2, node: { type: "text", text: "your bank" } },
            ],
          ],
          sources: [],
        },
      },
    ]);
    const { user } = await openWindow(core);
    await user.click(open("Link"));
    await user.click(await screen.findByText("your bank"));
    return { core, user, dialog: await screen.findByTestId("link-dialog") };
  }

  it("shows where it goes and opens only when told to", async () => {
    const { core, user, dialog } = await clicked();
    expect(dialog.textContent).toContain("https://evil.example/x");
    expect(core.count("open_link")).toBe(0);
    await user.click(within(dialog).getByRole("button", { name: "Open in browser" }));
    expect(core.calls.find((call) => call.command === "open_link")?.args).toEqual({
      url: "https://evil.example/x",
    });
    await waitFor(() => expect(screen.queryByTestId("link-dialog")).toBeNull());
  });

  it("is not opened when the question is left", async () => {
    const { core, user } = await clicked();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("link-dialog")).toBeNull());
    expect(core.count("open_link")).toBe(0);
  });
});
