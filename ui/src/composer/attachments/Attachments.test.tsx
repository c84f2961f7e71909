import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { FileLimits } from "../../gen/FileLimits";
import { FakeCore, failureOf, GUIDE } from "../../host/fake";
import { PIXEL } from "../../host/fakePictures";
import { openWindow } from "../../test/window";
import { limits, size } from "./words";

const TAKEN: FileLimits = { max_size: 100 * 1024 * 1024, max_count: 10, accept: [] };

/** A window whose connection takes files, of which the person chooses some. */
async function withFiles(...chosen: string[]) {
  const core = new FakeCore();
  core.connections = [{ ...GUIDE, files: TAKEN }];
  core.files.chosen = chosen;
  const opened = await openWindow(core);
  const list = () => screen.getByRole("list", { name: "Files of this message" });
  return { ...opened, core, list };
}

const send = () => screen.getByTestId("composer-button");

it("has no button where a connection takes no files", async () => {
  await openWindow();
  expect(screen.queryByTestId("attach")).toBeNull();
});

it("says before a file is chosen what is taken", async () => {
  await withFiles();
  expect(screen.getByTestId("attach").getAttribute("aria-label")).toBe("Add files: up to 10, 100 MiB each");
  expect(limits({ max_size: 1536, max_count: 1, accept: ["image/*", ".pdf"] })).toBe(
    "Add files (image/*, .pdf): one, 1.5 KiB at most",
  );
  expect([size(0), size(1), size(1023), size(1024)]).toEqual(["0 bytes", "1 byte", "1023 bytes", "1 KiB"]);
});

it("shows how far each file has come, and sends the message when all are there", async () => {
  const { core, user, list } = await withFiles("a.txt", "b.png");
  await user.click(screen.getByTestId("attach"));
  await waitFor(() => expect(within(list()).getAllByRole("listitem")).toHaveLength(2));
  expect(send().hasAttribute("disabled")).toBe(true);
  expect(screen.getByText("You can send this when the 2 files are uploaded.")).toBeTruthy();
  act(() => core.files.move("a.txt", { type: "uploading", sent: 512 }, { size: 2048 }));
  expect(within(list()).getByText("25 % of 2 KiB")).toBeTruthy();
  expect(screen.getByRole("progressbar", { name: "Uploading a.txt" }).getAttribute("value")).toBe("512");
  act(() => core.files.move("a.txt", { type: "ready" }));
  expect(screen.getByText("You can send this when the file is uploaded.")).toBeTruthy();
  URL.createObjectURL = () => "blob:preview";
  URL.revokeObjectURL = () => undefined;
  core.files.previews.set("b.png", PIXEL);
  act(() => core.files.move("b.png", { type: "ready" }, { size: 1, mime_type: "image/png" }));
  await waitFor(() => expect(list().querySelector("img")?.src).toBe("blob:preview"));
  await user.click(send());
  const thread = await screen.findByTestId("thread");
  expect(within(thread).getByText("b.png")).toBeTruthy();
  expect(screen.queryByTestId("attachments")).toBeNull();
  expect(core.calls.find(({ command }) => command === "send")?.args["request"]).toMatchObject({ text: "" });
});

it("keeps the words and the files of a message that was refused", async () => {
  const { core, user, list } = await withFiles("a.txt");
  await user.click(screen.getByTestId("attach"));
  await screen.findByTestId("attachments");
  act(() => core.files.move("a.txt", { type: "ready" }));
  await user.type(screen.getByTestId("composer-input"), "look");
  core.failNext("send", failureOf("busy", "Not now."));
  await user.click(send());
  await screen.findByText("Not now.");
  expect(within(list()).getByText("a.txt")).toBeTruthy();
  expect(screen.getByTestId<HTMLTextAreaElement>("composer-input").value).toBe("look");
});

it("tells why a file was not uploaded, tries it again and takes it away", async () => {
  const { core, user, list } = await withFiles("a.txt");
  await user.click(screen.getByTestId("attach"));
  await screen.findByTestId("attachments");
  const failure = failureOf("too_large", "The file is larger than the server takes.");
  act(() => core.files.move("a.txt", { type: "failed", failure, can_retry: true }));
  expect(within(list()).getByText(failure.message)).toBeTruthy();
  await user.type(screen.getByTestId("composer-input"), "look");
  expect(send().hasAttribute("disabled")).toBe(true);
  await user.click(within(list()).getByRole("button", { name: "Upload a.txt again" }));
  await waitFor(() => expect(within(list()).getByText("Waiting")).toBeTruthy());
  await user.click(within(list()).getByRole("button", { name: "Remove a.txt" }));
  await waitFor(() => expect(screen.queryByTestId("attachments")).toBeNull());
  expect(document.activeElement).toBe(screen.getByTestId("composer-input"));
  expect(send().hasAttribute("disabled")).toBe(false);
});

it("shows each conversation its own files", async () => {
  const { core, user, client } = await withFiles("a.txt");
  const { view } = core.addThread({ id: "t1" });
  act(() => core.toApp({ type: "threads", threads: [view] }));
  await user.click(screen.getByTestId("attach"));
  await screen.findByTestId("attachments");
  act(() => client.open("t1"));
  expect(screen.queryByTestId("attachments")).toBeNull();
  await waitFor(() => expect(screen.getByTestId("thread")).toBeTruthy());
  core.files.chosen = ["b.txt"];
  await user.click(screen.getByTestId("attach"));
  expect(await screen.findByText("b.txt")).toBeTruthy();
  act(() => client.open(null));
  expect(await screen.findByText("a.txt")).toBeTruthy();
});

it("says what dropping would do, and adds what was dropped", async () => {
  const { core } = await withFiles("a.txt");
  act(() => core.files.drags.show({ type: "over", count: 2 }));
  expect(screen.getByTestId("drop-overlay").textContent).toBe("Drop the 2 files to add them to the message");
  act(() => core.files.drags.show({ type: "left" }));
  expect(screen.queryByTestId("drop-overlay")).toBeNull();
  act(() => core.files.drags.show({ type: "dropped", drop: 7 }));
  expect(await screen.findByText("a.txt")).toBeTruthy();
  expect(core.calls.find(({ command }) => command === "attach_dropped")?.args["drop"]).toBe(7);
});

it("says so where a connection takes no files", async () => {
  const { core } = await openWindow();
  act(() => core.files.drags.show({ type: "over", count: 1 }));
  expect(screen.getByTestId("drop-overlay").textContent).toBe("Guide takes no files");
});

it("adds a picture that is pasted, and leaves text that comes with one to the field", async () => {
  const { core, list } = await withFiles();
  const field = screen.getByTestId("composer-input");
  const picture = new File([new Uint8Array([1, 2])], "größe & co.png", { type: "image/png" });
  picture.arrayBuffer = () => Promise.resolve(new Uint8Array([1, 2]).buffer);
  const pasted = (text: string) => ({
    clipboardData: { files: [picture], getData: (type: string) => (type === "text/plain" ? text : "") },
  });
  fireEvent.paste(field, pasted("cells"));
  expect(core.count("attach_bytes")).toBe(0);
  fireEvent.paste(field, pasted(""));
  await waitFor(() => expect(within(list()).getByText("größe & co.png")).toBeTruthy());
  const { args } = core.calls.find(({ command }) => command === "attach_bytes") ?? {};
  expect(args?.["bytes"]).toEqual(new Uint8Array([1, 2]));
  expect(args?.["kittiwake-name"]).toBe("gr%C3%B6%C3%9Fe%20%26%20co.png");
});

it("has the core look at the clipboard where the page is told of no text and of no file", async () => {
  const { core, list } = await withFiles("image.png");
  const field = screen.getByTestId("composer-input");
  const pasted = (texts: Readonly<Record<string, string>>) => ({
    clipboardData: { files: [], getData: (type: string) => texts[type] ?? "" },
  });
  fireEvent.paste(field, pasted({ "text/plain": "words" }));
  fireEvent.paste(field, pasted({ "text/html": "<b>words</b>" }));
  expect(core.count("attach_pasted")).toBe(0);
  fireEvent.paste(field, pasted({}));
  await waitFor(() => expect(within(list()).getByText("image.png")).toBeTruthy());
  fireEvent.paste(
    field,
    pasted({ "text/plain": "/pictures/a.txt", "text/uri-list": "file:///pictures/a.txt" }),
  );
  await waitFor(() => expect(core.count("attach_pasted")).toBe(2));
});
