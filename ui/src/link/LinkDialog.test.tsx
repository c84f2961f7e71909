import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ItemView } from "../gen/ItemView";
import { FakeCore, failureOf } from "../host/fake";
import { openWindow } from "../test/window";

const URL_OF_LINK = "https://tides.example/today?at=nine";

/** An answer with a link in its text, and sources. */
function answer(href: string, source: string): ItemView {
  const document = [
    { op: "open" as const, id: 1, parent: 0, node: { type: "paragraph" as const } },
    { op: "open" as const, id: 2, parent: 1, node: { type: "link" as const, href, title: null } },
    { op: "open" as const, id: 3, parent: 2, node: { type: "text" as const, text: "the tables" } },
  ];
  const sources = [{ title: "Almanac", description: null, url: source }];
  return { id: "a", stage: "done", body: { kind: "assistant_message", parts: [document], sources } };
}

async function openAnswer(href = URL_OF_LINK, source = "https://almanac.example/") {
  const core = new FakeCore();
  core.addThread({ id: "t", title: "Tides" }, [answer(href, source)]);
  const opened = await openWindow(core);
  await opened.user.click(screen.getByRole("button", { name: "Tides" }));
  const link = await screen.findByRole("link", { name: "the tables" });
  return { ...opened, core, link };
}

const dialog = () => screen.findByTestId("link-dialog");
const closed = () => waitFor(() => expect(screen.queryByTestId("link-dialog")).toBeNull());

it("shows the whole address of a link before it opens, and then opens it", async () => {
  const { core, user, link } = await openAnswer();
  await user.click(link);
  const question = await dialog();
  expect(within(question).getByRole("heading").textContent).toBe("Open this link?");
  const address = within(question).getByTestId("link-address");
  expect(address.textContent).toBe(URL_OF_LINK);
  expect(address.querySelector("strong")?.textContent).toBe("tides.example");
  expect((await axe.run(question, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual(
    [],
  );
  expect(core.count("open_link")).toBe(0);

  await user.click(within(question).getByRole("button", { name: "Open in browser" }));
  await closed();
  expect(core.calls.find((call) => call.command === "open_link")?.args).toEqual({ url: URL_OF_LINK });
});

it("is answered by the keyboard: Enter opens, Escape does not", async () => {
  const { core, user, link } = await openAnswer();
  const ready = () =>
    waitFor(() => expect(document.activeElement?.textContent).toBe("Open in browser"), { timeout: 3000 });
  act(() => link.focus());
  await user.keyboard("{Enter}");
  await ready();
  await user.keyboard("{Escape}");
  await closed();
  await waitFor(() => expect(document.activeElement).toBe(link));
  expect(core.count("open_link")).toBe(0);
  await user.keyboard("{Enter}");
  await ready();
  await user.keyboard("{Enter}");
  await closed();
  expect(core.count("open_link")).toBe(1);
});

it("copies the address, or does nothing", async () => {
  const { core, user, link } = await openAnswer();
  await user.click(link);
  await user.click(within(await dialog()).getByRole("button", { name: "Copy address" }));
  await closed();
  expect(core.calls.find((call) => call.command === "copy_text")?.args).toEqual({ text: URL_OF_LINK });
  await user.click(link);
  await user.click(within(await dialog()).getByRole("button", { name: "Cancel" }));
  await closed();
  expect(core.count("open_link")).toBe(0);
});

it("asks for a source as well", async () => {
  const { core, user } = await openAnswer();
  await user.click(screen.getByRole("button", { name: "1 source" }));
  await user.click(screen.getByRole("button", { name: /Almanac/ }));
  expect(within(await dialog()).getByTestId("link-address").textContent).toBe("https://almanac.example/");
  expect(core.count("open_link")).toBe(0);
});

it("shows the name of a server that is written to look like another one as it is", async () => {
  const { user, link } = await openAnswer("https://\u0430pple.com/\u202egpj.exe");
  await user.click(link);
  const address = within(await dialog()).getByTestId("link-address");
  expect(address.querySelector("strong")?.textContent).toBe("xn--pple-43d.com");
  expect(address.textContent).toBe("https://xn--pple-43d.com/%E2%80%AEgpj.exe");
});

it("opens nothing but web and mail addresses", async () => {
  const { core, user } = await openAnswer(URL_OF_LINK, "file:///etc/passwd");
  await user.click(screen.getByRole("button", { name: "1 source" }));
  await user.click(screen.getByRole("button", { name: /Almanac/ }));
  const refusal = await dialog();
  expect(refusal.textContent).toContain("file:///etc/passwd");
  expect(refusal.textContent).toContain("only web and mail addresses");
  expect(within(refusal).queryByRole("button", { name: "Open in browser" })).toBeNull();
  await user.keyboard("{Escape}");
  await closed();
  expect(core.count("open_link")).toBe(0);
});

it("says when nothing opens the link, and keeps it there to be copied", async () => {
  const { core, user, link } = await openAnswer();
  core.failNext("open_link", failureOf("internal", "No program on this computer opens the link."));
  await user.click(link);
  await user.click(within(await dialog()).getByRole("button", { name: "Open in browser" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("No program on this computer");
  expect(screen.getByTestId("link-dialog").contains(alert)).toBe(true);
  expect(screen.queryByTestId("problem")).toBeNull();
});

it("asks for the middle button, too", async () => {
  const { core, link } = await openAnswer();
  fireEvent(link, new MouseEvent("auxclick", { bubbles: true, cancelable: true, button: 1 }));
  await dialog();
  expect(core.count("open_link")).toBe(0);
});
