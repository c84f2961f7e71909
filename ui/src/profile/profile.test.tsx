import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Deed } from "../gen/Deed";
import type { ProfileView } from "../gen/ProfileView";
import { LOUD, loud, SILENT } from "../host/demoProfile";
import { FakeCore, failureOf, GUIDE, IDLE } from "../host/fake";
import { faults } from "../test/faults";
import { toolItem } from "../test/kinds";
import { answerItem, openWindow, userItem } from "../test/window";
import { doDeed } from "./deeds";

const SHOP = { ...GUIDE, id: "shop", name: "The shop", builtin: false };

/** A core with a conversation with a connection that has a profile, and one with the Guide, which has none. */
function furnished(profile: Partial<ProfileView>): FakeCore {
  const core = new FakeCore();
  core.connections = [{ ...SHOP, profile: { ...SILENT, ...profile } }, GUIDE];
  const plums = [userItem("u1", "Have you plums?"), answerItem("a1", "We have.")];
  core.addThread({ id: "plums", title: "Plums", connection: "shop" }, plums);
  const tides = [userItem("u2", "When is high tide?"), answerItem("a2", "At nine.")];
  core.addThread({ id: "tides", title: "Tides", connection: GUIDE.id }, tides);
  return core;
}

const pane = () => screen.getByRole("main");
const row = (title: string) =>
  within(screen.getByRole("navigation", { name: "Conversations" })).getByRole("button", { name: title });
const action = (name: string) => screen.findByRole("button", { name });

describe("the look of a profile", () => {
  it("is worn by the pane alone, comes and goes with the conversation, and leaves nothing behind", async () => {
    const { user } = await openWindow(furnished({ theme: { ...LOUD.theme, scheme: "dark" } as never }));
    const bare = () => {
      expect(pane().getAttribute("style") ?? "").toBe("");
      expect(pane().dataset["corners"]).toBeUndefined();
      expect(pane().dataset["density"]).toBeUndefined();
    };
    await user.click(row("Tides"));
    await screen.findByText("At nine.");
    bare();
    await user.click(row("Plums"));
    expect(pane().style.getPropertyValue("--accent")).toBe("light-dark(#9c2f6a, #f09ac6)");
    expect(pane().style.getPropertyValue("color-scheme")).toBe("dark");
    expect(pane().dataset).toMatchObject({ corners: "pill", density: "spacious" });
    expect(document.documentElement.getAttribute("style")).toBeNull();
    expect(screen.getByLabelText("Sidebar").closest("[data-pane]")).toBeNull();
    await user.click(row("Tides"));
    bare();
  });

  it("has no colours while the person's system asks for more contrast", async () => {
    const media = window.matchMedia;
    let more = false;
    let told: EventListener = () => undefined;
    vi.spyOn(window, "matchMedia").mockImplementation((query) =>
      query.includes("prefers-contrast")
        ? ({
            get matches() {
              return more;
            },
            addEventListener: (_: string, listener: EventListener) => {
              told = listener;
            },
            removeEventListener: () => undefined,
          } as unknown as MediaQueryList)
        : media(query),
    );
    await openWindow(furnished({ theme: LOUD.theme }));
    expect(pane().style.getPropertyValue("--accent")).not.toBe("");
    more = true;
    act(() => told(new Event("change")));
    expect(pane().style.getPropertyValue("--accent")).toBe("");
    expect(pane().dataset["corners"]).toBe("pill");
  });

  it("does not reach what Kittiwake itself says in the pane", async () => {
    const { core } = await openWindow(furnished({ theme: LOUD.theme }));
    act(() => core.toApp({ type: "problem", failure: failureOf("disk_full", "The disk is full.") }));
    expect(screen.getByTestId("problem").closest("[data-own]")).not.toBeNull();
  });

  it("does not reach a failure at the end of a conversation, nor a question for consent", async () => {
    const core = furnished({ theme: LOUD.theme });
    const failure = failureOf("interrupted", "The line broke.");
    const thread = core.addThread({ id: "p", title: "Pears", connection: "shop" }, [toolItem({})]);
    thread.turn = { ...IDLE, outcome: { type: "interrupted", failure, can_retry: true } };
    const { user } = await openWindow(core);
    await user.click(row("Pears"));
    expect((await screen.findByTestId("failure")).closest("[data-own]")).not.toBeNull();
    expect(screen.getByTestId("tool-consent").closest("[data-own]")).not.toBeNull();
  });
});

describe("the title", () => {
  it("is the profile's in place of the conversation's own, and there alone", async () => {
    const { user } = await openWindow(furnished({ title: "Fruit" }));
    await user.click(row("Plums"));
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Fruit");
    expect(within(pane()).queryByRole("button", { name: "Fruit" })).toBeNull();
    expect(document.title).toBe("Plums – Kittiwake");
    await user.click(row("Tides"));
    expect(within(pane()).getByRole("button", { name: "Tides" })).toBeTruthy();
  });

  it("can be hidden from who looks, and is still there for who listens", async () => {
    const { user } = await openWindow(furnished({ hides_title: true, title: "Fruit" }));
    await user.click(row("Plums"));
    const heading = screen.getByRole("heading", { level: 1, name: "Plums" });
    expect(heading.className).toBe("visually-hidden");
  });
});

describe("the buttons beside the title", () => {
  const button = (onClick: Deed) => ({ right_action: { icon: "star", label: "Do it", onClick } });

  it("show where a link goes before it goes there", async () => {
    const { core, user } = await openWindow(
      furnished(button({ type: "open_url", url: "https://a.example/x" })),
    );
    await user.click(await action("Do it"));
    expect((await screen.findByTestId("link-address")).textContent).toBe("https://a.example/x");
    expect(core.count("open_link")).toBe(0);
    await user.click(screen.getByRole("button", { name: "Open in browser" }));
    expect(core.count("open_link")).toBe(1);
  });

  it("send words: not while an answer comes, and again when pressed again", async () => {
    const { core, user } = await openWindow(furnished(button({ type: "send", text: "Show the basket" })));
    const now = performance.now.bind(performance);
    await user.click(row("Plums"));
    await screen.findByText("We have.");
    await user.click(await action("Do it"));
    await waitFor(() => expect(core.count("send")).toBe(1));
    expect(core.calls.findLast(({ command }) => command === "send")?.args["request"]).toMatchObject({
      thread: "plums",
      text: "Show the basket",
    });
    expect((await action("Do it")).hasAttribute("disabled")).toBe(true);
    act(() => core.confirm("plums"));
    act(() => core.end("plums", { type: "done" }));
    await waitFor(async () => expect((await action("Do it")).hasAttribute("disabled")).toBe(false));
    vi.spyOn(performance, "now").mockImplementation(() => now() + 1000);
    await user.click(await action("Do it"));
    await waitFor(() => expect(core.count("send")).toBe(2));
    const keys = core.calls.filter(({ command }) => command === "send").map(({ args }) => args["key"]);
    expect(new Set(keys).size).toBe(2);
  });

  it("send words once for a double click", async () => {
    const { client, core, user } = await openWindow(furnished({}));
    await user.click(row("Plums"));
    await screen.findByText("We have.");
    const now = performance.now() + 10_000;
    vi.spyOn(performance, "now").mockReturnValue(now);
    act(() => {
      doDeed(client, { type: "send", text: "Show the basket" });
      core.confirm("plums");
      core.end("plums", { type: "done" });
      doDeed(client, { type: "send", text: "Show the basket" });
    });
    await waitFor(() => expect(core.count("send")).toBe(1));
  });

  it("begin a conversation with the same connection", async () => {
    const core = furnished({});
    core.connections = [GUIDE, { ...SHOP, profile: { ...SILENT, ...button({ type: "new_thread" }) } }];
    const { client, user } = await openWindow(core);
    await user.click(row("Plums"));
    await user.click(await action("Do it"));
    expect(client.view.get().open).toBeNull();
    expect(client.connection()?.id).toBe("shop");
    expect(document.activeElement).toBe(screen.getByTestId("composer-input"));
  });

  it("write into the message field", async () => {
    const onClick = { type: "insert", text: "Plums" } as const;
    const { user } = await openWindow(furnished(button(onClick)));
    await user.click(await action("Do it"));
    expect(screen.getByTestId<HTMLTextAreaElement>("composer-input").value).toBe("Plums");
  });

  it("say whose they are", async () => {
    await openWindow(furnished(button({ type: "new_thread" })));
    await action("Do it");
    expect(screen.getByRole("group", { name: "From The shop" })).toBeTruthy();
  });
});

describe("the start screen", () => {
  it("has the greeting and the prompts of the connection, without Kittiwake's sign", async () => {
    const core = new FakeCore();
    core.connections = [loud(SHOP), GUIDE];
    const { user } = await openWindow(core);
    const start = within(screen.getByTestId("start"));
    expect(start.getByRole("heading", { level: 1 }).textContent).toBe("What would you like to cook?");
    expect(screen.getByTestId("start").textContent).toContain("You are talking to The shop");
    expect(screen.getByTestId("start").querySelectorAll("[data-icon]")).toHaveLength(3);
    await user.click(start.getByRole("button", { name: "What is in season?" }));
    expect(core.calls.find(({ command }) => command === "send")?.args["request"]).toMatchObject({
      connection: "shop",
      text: "What is in season now?",
    });
  });

  it("sends what a prompt mentions with its words", async () => {
    const core = new FakeCore();
    core.connections = [loud(SHOP), GUIDE];
    const { user } = await openWindow(core);
    await user.click(screen.getByRole("button", { name: "Where do the apples come from?" }));
    expect(core.calls.find(({ command }) => command === "send")?.args["request"]).toMatchObject({
      text: "Where do your Apples come from?",
      mentions: [{ at: 14, entity: { id: "apples", title: "Apples" } }],
    });
  });
});

describe("conversations", () => {
  it("cannot be renamed where the profile says so, by no way", async () => {
    const { core, user } = await openWindow(furnished({ no_rename: true }));
    await user.click(row("Plums"));
    expect(within(pane()).queryByRole("button", { name: "Plums" })).toBeNull();
    await user.keyboard("{F2}");
    await user.dblClick(row("Plums"));
    expect(screen.queryByLabelText("Title of the conversation")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Actions for Plums" }));
    expect((await screen.findAllByRole("menuitem")).map((item) => item.textContent)).toEqual(["DeleteDel"]);
    await user.keyboard("{Escape}");
    row("Tides").focus();
    await user.keyboard("{F2}");
    expect(screen.getByLabelText("Title of the conversation")).toBeTruthy();
    expect(core.count("rename_thread")).toBe(0);
  });

  it("cannot be deleted where the profile says so, and have no menu where nothing is left in it", async () => {
    const core = furnished({ no_delete: true });
    const { user } = await openWindow(core);
    row("Plums").focus();
    await user.keyboard("{Delete}");
    await user.click(screen.getByRole("button", { name: "Actions for Plums" }));
    expect((await screen.findAllByRole("menuitem")).map((item) => item.textContent)).toEqual(["RenameF2"]);
    await user.keyboard("{Escape}");
    const connections = [{ ...SHOP, profile: { ...SILENT, no_delete: true, no_rename: true } }, GUIDE];
    act(() => core.toApp({ type: "connections", connections }));
    expect(screen.queryByRole("button", { name: "Actions for Plums" })).toBeNull();
    await user.pointer({ keys: "[MouseRight]", target: row("Plums") });
    expect(screen.queryByRole("menu")).toBeNull();
    expect(core.count("delete_thread")).toBe(0);
    row("Tides").focus();
    await user.keyboard("{Delete}");
    await waitFor(() => expect(core.count("delete_thread")).toBe(1));
  });
});

describe("answers", () => {
  it("can be judged and asked for again, unless the profile says otherwise", async () => {
    const { user } = await openWindow(furnished({ no_feedback: true, no_retry: true }));
    await user.click(row("Plums"));
    await screen.findByText("We have.");
    expect(screen.getAllByRole("button", { name: "Copy message" })).toHaveLength(2);
    expect(screen.queryByRole("button", { name: "Good answer" })).toBeNull();
    expect(screen.queryByTestId("try-again")).toBeNull();
    await user.click(row("Tides"));
    await screen.findByText("At nine.");
    expect(screen.getByRole("button", { name: "Good answer" })).toBeTruthy();
    expect(screen.getByTestId("try-again")).toBeTruthy();
  });

  it("can always be asked for where none came", async () => {
    const core = furnished({ no_retry: true });
    const failure = failureOf("interrupted", "The line broke.");
    const thread = core.addThread({ id: "p", title: "Pears", connection: "shop" }, [userItem("u", "Pears?")]);
    thread.turn = { ...IDLE, outcome: { type: "interrupted", failure, can_retry: true } };
    const unsent = { ...userItem("n", "Nuts?"), stage: "unsent" } as const;
    core.addThread({ id: "n", title: "Nuts", connection: "shop" }, [unsent]);
    const { user } = await openWindow(core);
    await user.click(row("Pears"));
    await user.click(within(await screen.findByTestId("failure")).getByRole("button", { name: "Try again" }));
    expect(core.count("retry")).toBe(1);
    await user.click(row("Nuts"));
    expect(await screen.findByTestId("try-again")).toBeTruthy();
  });
});

describe("the line below the message field", () => {
  it("is Markdown whose links ask, and is there in every conversation with the connection", async () => {
    const core = furnished({ disclaimer: LOUD.disclaimer });
    const { user } = await openWindow(core);
    const note = () => screen.getByRole("note", { name: "About this assistant" });
    expect(note().textContent).toBe("Answers may be wrong, and prices change. How we use what you write");
    const before = note().querySelector("a");
    act(() => core.toApp({ type: "connections", connections: structuredClone(core.connections) }));
    expect(note().querySelector("a")).toBe(before);
    await user.click(row("Plums"));
    await user.click(within(note()).getByRole("link"));
    expect((await screen.findByTestId("link-address")).textContent).toBe("https://shop.example.com/privacy");
    await user.keyboard("{Escape}");
    await user.click(row("Tides"));
    expect(screen.queryByTestId("disclaimer")).toBeNull();
  });
});

it("has no fault on the start screen and in a conversation with a loud profile", async () => {
  const core = furnished(LOUD);
  const { user } = await openWindow(core);
  await action("Our shop");
  expect(await faults()).toEqual([]);
  await user.click(row("Plums"));
  await screen.findByText("We have.");
  expect(await faults()).toEqual([]);
});
