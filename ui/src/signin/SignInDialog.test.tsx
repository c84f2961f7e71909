import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import type { SessionPhase } from "../gen/SessionPhase";
import type { SignInWay } from "../gen/SignInWay";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openWindow } from "../test/window";

const OUT = failureOf("signed_out", "You are not signed in to “Office”. Sign in to go on.");
const URL_OF_PAGE = "https://login.example.com/authorize?state=1";
const DEVICE = "https://login.example.com/device";

function office(way: SignInWay, phase: SessionPhase, who: string | null = null): ConnectionView {
  const fields = who === null ? [] : [["signed_in_as", who] as [string, string]];
  const sign_in = { way, session: { phase, ends: null, ahead: 0, fields } };
  return { ...GUIDE, id: "office", name: "Office", address: "https://a.example", builtin: false, sign_in };
}

/** A window whose conversation is with the office, to which nobody is signed in, and the dialog over it. */
async function openDialog(way: SignInWay = "browser") {
  const core = new FakeCore();
  core.connections = [office(way, { type: "signed_out", failure: OUT }), GUIDE];
  core.addThread({ id: "t1", connection: "office", title: "At work" });
  const opened = await openWindow(core);
  act(() => opened.client.open("t1"));
  await opened.user.type(screen.getByTestId("composer-input"), "half writt");
  const bar = await screen.findByTestId("standing");
  expect(bar.textContent).toContain("Signed out of Office");
  await opened.user.click(within(bar).getByRole("button", { name: "Sign in" }));
  const dialog = await screen.findByTestId("sign-in-dialog", {}, { timeout: 5000 });
  await waitFor(() => expect(core.signIns.open).toBe(1));
  const show = (step: Parameters<typeof core.signIns.show>[0]) => act(() => core.signIns.show(step));
  const button = (name: string) => within(dialog).getByRole("button", { name });
  const opens = () => core.calls.filter(({ command }) => command === "open_link").map(({ args }) => args);
  return { ...opened, core, dialog, show, button, opens };
}

const gone = () => waitFor(() => expect(screen.queryByTestId("sign-in-dialog")).toBeNull());

async function faults(element: HTMLElement) {
  return (await axe.run(element, { rules: { "color-contrast": { enabled: false } } })).violations;
}

it("opens the page in the browser by itself, and again, and says where that is", async () => {
  const { user, core, dialog, show, button, opens } = await openDialog();
  expect(within(dialog).getByRole("heading").textContent).toBe("Sign in to Office");
  expect(within(dialog).getByRole("status").textContent).toContain("Asking");
  expect(opens()).toEqual([]);

  show({ type: "browser", url: URL_OF_PAGE });
  expect(within(dialog).getByRole("status").textContent).toBe(
    "Your browser opens at login.example.com. Sign in there and come back.",
  );
  expect(opens()).toEqual([{ url: URL_OF_PAGE }]);
  // Not by way of the question that links ask.
  expect(screen.queryByTestId("link-dialog")).toBeNull();
  expect(dialog.contains(document.activeElement)).toBe(true);
  expect(await faults(dialog)).toEqual([]);

  await user.click(button("Open again"));
  expect(opens()).toEqual([{ url: URL_OF_PAGE }, { url: URL_OF_PAGE }]);
  await user.click(button("Copy address"));
  await screen.findByRole("button", { name: "Copied" });
  expect(core.calls.find(({ command }) => command === "copy_text")?.args).toEqual({ text: URL_OF_PAGE });
});

it("shows the address where no browser opens", async () => {
  const { user, core, dialog, show, button } = await openDialog();
  core.failNext("open_link", failureOf("internal", "No browser."));
  show({ type: "browser", url: URL_OF_PAGE });
  expect((await screen.findByTestId("sign-in-address")).textContent).toBe(URL_OF_PAGE);
  expect(within(dialog).getByRole("status").textContent).toContain("could not be opened");
  expect(await faults(dialog)).toEqual([]);
  await user.click(button("Open again"));
  await waitFor(() => expect(screen.queryByTestId("sign-in-address")).toBeNull());
});

it("shows a code, says it letter by letter, and opens its page only when told to", async () => {
  const { user, core, dialog, show, button, opens } = await openDialog("device");
  show({ type: "device", url: DEVICE, code: "WDJB-MJHT", until: Date.now() + 600_000 });
  const code = screen.getByTestId("sign-in-code");
  expect(code.textContent).toBe("WDJB-MJHT");
  expect(code.getAttribute("aria-hidden")).toBe("true");
  expect(within(dialog).getByRole("status").textContent).toContain("W, D, J, B, dash, M, J, H, T");
  expect(dialog.textContent).toContain("The code is good for 10 minutes.");
  expect(await faults(dialog)).toEqual([]);
  expect(opens()).toEqual([]);

  await user.click(button("Copy code"));
  expect(core.calls.find(({ command }) => command === "copy_text")?.args).toEqual({ text: "WDJB-MJHT" });
  await user.click(button("Open login.example.com/device here"));
  expect(opens()).toEqual([{ url: DEVICE }]);

  show({ type: "device", url: DEVICE, code: "ABCD", until: Date.now() - 1 });
  expect(dialog.textContent).toContain("not good any more");
});

it("closes when the person is signed in, says as whom, and sends nothing by itself", async () => {
  const { core, show } = await openDialog();
  show({ type: "browser", url: URL_OF_PAGE });
  core.connections = [office("browser", { type: "live" }, "Ann"), GUIDE];
  act(() => core.toApp({ type: "connections", connections: core.connections }));
  show({ type: "done", who: "Ann", kept: "keychain" });
  await gone();
  await screen.findByText("Signed in to Office as Ann", undefined, { timeout: 5000 });
  const composer = screen.getByTestId<HTMLTextAreaElement>("composer-input");
  await waitFor(() => expect(document.activeElement).toBe(composer));
  expect(composer.value).toBe("half writt");
  expect(core.count("send")).toBe(0);
  expect(screen.queryByTestId("standing")).toBeNull();
  await waitFor(() => expect(core.signIns.open).toBe(0));
});

it("says that a sign-in lasts only as long as the window where there is no keychain", async () => {
  const { show } = await openDialog();
  show({ type: "done", who: null, kept: "this_run" });
  await gone();
  await screen.findByText(/^Signed in to Office, until Kittiwake is closed/, undefined, { timeout: 5000 });
});

it("says why nobody is signed in, and begins anew", async () => {
  const { user, core, dialog, show, opens } = await openDialog();
  show({ type: "browser", url: URL_OF_PAGE });
  show({ type: "failed", failure: failureOf("signed_out", "It was refused on the page.") });
  const alert = within(dialog).getByRole("alert");
  expect(alert.textContent).toContain("You are not signed in");
  expect(alert.textContent).toContain("It was refused on the page.");
  const again = within(dialog).getByTestId("try-again");
  expect(document.activeElement).toBe(again);
  expect(await faults(dialog)).toEqual([]);

  await user.click(again);
  await waitFor(() => expect(core.count("sign_in")).toBe(2));
  expect(within(dialog).queryByRole("alert")).toBeNull();
  expect(dialog.contains(document.activeElement)).toBe(true);
  await waitFor(() => expect(core.signIns.open).toBe(1));
  show({ type: "browser", url: `${URL_OF_PAGE}2` });
  expect(opens().at(-1)).toEqual({ url: `${URL_OF_PAGE}2` });
});

it("says why it cannot begin", async () => {
  const { user, core } = await openDialog();
  await user.keyboard("{Escape}");
  await gone();
  core.failNext("sign_in", failureOf("unreachable", "Nobody answers there."));
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect((await screen.findByTestId("failure")).textContent).toContain("Nobody answers there.");
  await user.click(screen.getByRole("button", { name: "Close" }));
  await gone();
});

it.each(["Escape", "Cancel"])("gives up with %s, and not with a click beside it", async (way) => {
  const { user, core, dialog, show, button } = await openDialog();
  show({ type: "browser", url: URL_OF_PAGE });
  await user.click(dialog.parentElement?.parentElement as HTMLElement);
  expect(screen.getByTestId("sign-in-dialog")).toBeTruthy();
  expect(core.signIns.open).toBe(1);

  if (way === "Escape") await user.keyboard("{Escape}");
  else await user.click(button("Cancel"));
  await gone();
  await waitFor(() => expect(core.signIns.open).toBe(0));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Sign in" })));
  expect(screen.getByTestId<HTMLTextAreaElement>("composer-input").value).toBe("half writt");
});

it("goes away with the connection", async () => {
  const { core } = await openDialog();
  core.connections = [GUIDE];
  act(() => core.toApp({ type: "connections", connections: core.connections }));
  await gone();
  await waitFor(() => expect(core.signIns.open).toBe(0));
});
