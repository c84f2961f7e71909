import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ItemView } from "../gen/ItemView";
import type { Node } from "../gen/Node";
import { FakeCore, failureOf } from "../host/fake";
import { openWindow } from "../test/window";
import { pictureAnswer } from "./answer";

// jsdom has no addresses for blobs: each gets a number here, and what is revoked is noted.
// The number goes on from one test to the next, since what lingers of one is revoked during another.
let open: Set<string>;
let made = 0;

beforeEach(() => {
  open = new Set();
  URL.createObjectURL = vi.fn(() => {
    made += 1;
    open.add(`blob:picture-${made}`);
    return `blob:picture-${made}`;
  });
  URL.revokeObjectURL = vi.fn((url: string) => void open.delete(url));
});

afterEach(() => {
  vi.useRealTimers();
});

/** An answer with pictures in it, one paragraph each. */
function answer(...images: readonly { readonly href: string; readonly alt: string }[]): ItemView {
  const parts = images.flatMap(({ href, alt }, index) => {
    const node: Node = { type: "image", href, alt, title: null };
    return [
      { op: "open" as const, id: index * 2 + 1, parent: 0, node: { type: "paragraph" as const } },
      { op: "open" as const, id: index * 2 + 2, parent: index * 2 + 1, node },
    ];
  });
  return { id: "a", stage: "done", body: { kind: "assistant_message", parts: [parts], sources: [] } };
}

const OWN = { href: "https://own.example/gull.png", alt: "A gull" };
const OTHER = { href: "https://other.example/tern.png", alt: "A tern" };

/** A window with a conversation in which that was answered. */
async function reading(core: FakeCore, item: ItemView) {
  core.addThread({ id: "t", title: "Birds" }, [item]);
  const opened = await openWindow(core);
  await opened.user.click(screen.getByRole("button", { name: "Birds" }));
  await screen.findByTestId("answer-text");
  return opened;
}

describe("a picture that may be fetched", () => {
  it("is asked of the core, shown by an address of the page, and has its words", async () => {
    const core = new FakeCore();
    await reading(core, answer(OWN));
    const image = await screen.findByRole("img", { name: "A gull" });
    expect([...open]).toEqual([image.getAttribute("src")]);
    expect([image.getAttribute("width"), image.getAttribute("height")]).toEqual(["640", "480"]);
    const asked = core.calls.filter(({ command }) => command === "picture");
    expect(asked.map(({ args }) => args)).toEqual([{ thread: "t", url: OWN.href, once: [], always: null }]);
  });

  it("has its room while it comes", async () => {
    const core = new FakeCore();
    const gate = new EventTarget();
    core.pictures.gate = new Promise((resolve) => gate.addEventListener("open", () => resolve()));
    await reading(core, answer(OWN));
    const room = await screen.findByRole("img", { name: "A gull, loading" });
    expect(room.style.aspectRatio).toBe("320 / 200");
    act(() => void gate.dispatchEvent(new Event("open")));
    expect(await screen.findByRole("img", { name: "A gull" })).toBeTruthy();
  });

  it("is large over the window when it is pressed, and Escape leads back to it", async () => {
    const { user } = await reading(new FakeCore(), answer(OWN));
    const button = await screen.findByRole("button", { name: "A gull" });
    button.focus();
    await user.keyboard("{Enter}");
    const dialog = await screen.findByRole("dialog", { name: "A gull" });
    expect([...open]).toEqual([within(dialog).getByRole("img").getAttribute("src")]);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "A gull" })));
  });

  it("says so when its bytes cannot be drawn", async () => {
    await reading(new FakeCore(), answer(OWN));
    const image = await screen.findByRole("img", { name: "A gull" });
    act(() => void image.dispatchEvent(new Event("error")));
    await screen.findByText("The picture is damaged and cannot be drawn.");
    expect(open.size).toBe(0);
  });
});

describe("a picture on a host that nobody has allowed", () => {
  it("is not there until the person wants it, this once", async () => {
    const core = new FakeCore();
    const { user } = await reading(core, answer(OTHER));
    const group = await screen.findByRole("group", { name: "A tern" });
    expect(group.textContent).toContain(
      "This picture is on other.example. Showing it tells other.example that you read this.",
    );
    expect(document.querySelector("img")).toBeNull();
    await user.click(within(group).getByRole("button", { name: "Show picture" }));
    await screen.findByRole("img", { name: "A tern" });
    expect(core.calls.at(-1)?.args).toEqual({
      thread: "t",
      url: OTHER.href,
      once: ["other.example"],
      always: null,
    });
  });

  it("comes with all others of its host once the person allows them for good", async () => {
    const core = new FakeCore();
    const second = { href: "https://other.example/skua.png", alt: "A skua" };
    const { user } = await reading(core, answer(OTHER, second));
    const [first] = await screen.findAllByRole("button", { name: "Always show from other.example" });
    if (first !== undefined) await user.click(first);
    await screen.findByRole("img", { name: "A tern" });
    await screen.findByRole("img", { name: "A skua" });
    expect(core.calls.some(({ args }) => args["always"] === "other.example")).toBe(true);
  });

  it("can be opened in the browser instead, as any link", async () => {
    const { user } = await reading(new FakeCore(), answer(OTHER));
    await user.click(await screen.findByRole("button", { name: "Open in browser" }));
    expect((await screen.findByTestId("link-address")).textContent).toBe(OTHER.href);
  });

  it("is found well by screen readers, and so is one that came", async () => {
    await reading(new FakeCore(), answer(OTHER, OWN));
    await screen.findByRole("group", { name: "A tern" });
    await screen.findByRole("img", { name: "A gull" });
    const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
    expect(result.violations.map(({ id }) => id)).toEqual([]);
  });
});

it("says why it does not come, and tries again", async () => {
  const core = new FakeCore();
  core.failNext("picture", failureOf("server_refused", "The picture is not on own.example any more."));
  const { user } = await reading(core, answer(OWN));
  const group = await screen.findByRole("group", { name: "A gull" });
  expect(group.textContent).toContain("not on own.example any more");
  await user.click(within(group).getByRole("button", { name: "Try again" }));
  await screen.findByRole("img", { name: "A gull" });
});

it.each(["no_picture", "too_large", "bad_address", "unencrypted"] as const)(
  "offers no other try where it would end the same (%s)",
  async (code) => {
    const core = new FakeCore();
    core.failNext("picture", failureOf(code, "This is an SVG drawing."));
    await reading(core, answer(OWN));
    const group = await screen.findByRole("group", { name: "A gull" });
    expect(group.textContent).toContain("This is an SVG drawing.");
    expect(within(group).queryByRole("button", { name: "Try again" })).toBeNull();
    expect(within(group).getByRole("button", { name: "Open in browser" })).toBeTruthy();
  },
);

it("is never asked for when its address is none of the web", async () => {
  const core = new FakeCore();
  const hostile = [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,<b>",
    "/etc/passwd",
    "ftp://a.example/a",
  ];
  await reading(core, answer(...hostile.map((href) => ({ href, alt: href }))));
  expect(screen.getByTestId("answer-text").textContent).toContain("file:///etc/passwd");
  expect(core.count("picture")).toBe(0);
  expect(document.querySelector("img, [src]")).toBeNull();
});

it("gives its memory back a while after it has left the page", async () => {
  const core = new FakeCore();
  core.addThread({ id: "other", title: "Boats" });
  const { user } = await reading(core, answer(OWN));
  await screen.findByRole("img", { name: "A gull" });
  expect(open.size).toBe(1);
  vi.useFakeTimers({ toFake: ["setTimeout"], shouldAdvanceTime: true });
  await user.click(screen.getByRole("button", { name: "Boats" }));
  await waitFor(() => expect(screen.queryByRole("img", { name: "A gull" })).toBeNull());
  act(() => void vi.advanceTimersByTime(11_000));
  expect(open.size).toBe(0);
});

it("goes with the text that it stood in, and comes again with it", async () => {
  const core = new FakeCore();
  await reading(core, answer(OWN));
  await screen.findByRole("img", { name: "A gull" });
  const node: Node = { type: "image", href: OWN.href, alt: "The same gull", title: null };
  act(() => {
    const patches = [
      { op: "cut" as const, from: 2 },
      { op: "open" as const, id: 2, parent: 1, node },
    ];
    core.batch("t", { op: "patch", id: "a", part: 0, patches });
  });
  await screen.findByRole("img", { name: "The same gull" });
  expect(screen.queryByRole("img", { name: "A gull" })).toBeNull();
  expect(core.count("picture")).toBe(1);
});

describe("what the core answers", () => {
  it("is a host or a picture, by its first byte", () => {
    const host = Uint8Array.of(0, ...new TextEncoder().encode("a.example")).buffer;
    expect(pictureAnswer(host)).toEqual({ type: "not_allowed", host: "a.example" });
    const picture = pictureAnswer(Uint8Array.of(4, 0, 0, 1, 0, 0, 0, 0, 2, 9, 9).buffer);
    expect(picture).toMatchObject({ type: "picture", width: 256, height: 2 });
    expect(picture.type === "picture" && [picture.blob.type, picture.blob.size]).toEqual(["image/webp", 2]);
  });

  it("may come as numbers where a way knows no bytes", () => {
    expect(pictureAnswer([0, 97])).toEqual({ type: "not_allowed", host: "a" });
  });

  it.each([[[]], [[9, 1, 2]], [[1, 0, 0]]])("is refused if it is %j", (bytes) => {
    expect(() => pictureAnswer(bytes)).toThrow(TypeError);
  });
});
