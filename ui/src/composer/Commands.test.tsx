import { act, screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { Command } from "../gen/Command";
import type { ProfileView } from "../gen/ProfileView";
import { FakeCore } from "../host/fake";
import { doDeed } from "../profile/deeds";
import { profiled } from "../test/profile";
import { openWindow } from "../test/window";

const COMMANDS: Command[] = [
  { id: "standup", label: "Daily notes", group: "Team", onSelect: { type: "insert", text: "Yesterday: " } },
  {
    id: "more",
    label: "Reports",
    group: "Team",
    onSelect: {
      type: "menu",
      commands: [
        {
          id: "week",
          label: "Weekly",
          description: "Of this week",
          onSelect: { type: "send", text: "Weekly report" },
        },
        {
          id: "who",
          label: "By Eve",
          onSelect: { type: "mention", entity: { id: "u2", title: "Eve", interactive: false } },
        },
      ],
    },
  },
];

const field = () => screen.getByTestId<HTMLTextAreaElement>("composer-input");
const options = () =>
  screen.queryAllByRole("option").map((option) => option.querySelector("bdi")?.textContent);

async function opened(profile: Partial<ProfileView> = {}) {
  const core = profiled(new FakeCore(), { commands: COMMANDS, ...profile });
  core.addThread({ id: "t1", title: "Tides" });
  return openWindow(core);
}

it("offers the profile's commands and Kittiwake's own that make sense", async () => {
  const { user, client } = await opened();
  await user.type(field(), "/");
  const start = options();
  expect(start.slice(0, 2)).toEqual(["Daily notes", "Reports"]);
  expect(start).toContain("New conversation");
  expect(start).not.toContain("Rename the conversation");
  expect(start).not.toContain("Attach a file");
  expect(start).not.toContain("Choose a tool");
  act(() => client.open("t1"));
  await screen.findByTestId("thread");
  await user.type(field(), "/ren");
  expect(options()).toEqual(["Rename the conversation"]);
  await user.keyboard("{Enter}");
  expect(await screen.findByLabelText("Title of the conversation")).toBeDefined();
  expect(field().value).toBe("");
});

it("does what a command says, in place of what was typed for it", async () => {
  const { user, core } = await opened();
  await user.type(field(), "/standup");
  expect(options()).toEqual(["Daily notes"]);
  await user.keyboard("{Enter}");
  expect(field().value).toBe("Yesterday: ");
  await user.clear(field());
  await user.type(field(), "/settings{Enter}");
  expect(await screen.findByTestId("settings")).toBeDefined();
  expect(core.count("send")).toBe(0);
});

it("shows more commands in place of these", async () => {
  const { user, core } = await opened();
  await user.type(field(), "/rep{Tab}");
  expect([field().value, options()]).toEqual(["/", ["Weekly", "By Eve"]]);
  await user.keyboard("by{Enter}");
  expect(field().value).toBe("Eve ");
  await user.clear(field());
  await user.type(field(), "/rep{Enter}{Enter}");
  await waitFor(() => expect(core.count("send")).toBe(1));
  expect(core.calls.find(({ command }) => command === "send")?.args["request"]).toMatchObject({
    text: "Weekly report",
  });
});

it("sends what matches nothing as it is", async () => {
  const { user, core } = await opened();
  await user.type(field(), "/etc/hosts has a mistake");
  expect(options()).toEqual([]);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(core.count("send")).toBe(1));
  expect(core.calls.find(({ command }) => command === "send")?.args["request"]).toMatchObject({
    text: "/etc/hosts has a mistake",
  });
});

it("closes with Escape, and then sends what it says", async () => {
  const { user, core } = await opened();
  await user.type(field(), "/set{Escape}");
  expect([field().value, options()]).toEqual(["/set", []]);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(core.count("send")).toBe(1));
});

it("offers nothing where the profile wants none", async () => {
  const { user } = await opened({ no_commands: true });
  await user.type(field(), "/");
  expect(screen.queryByTestId("suggestions")).toBeNull();
});

it("shows a menu that was opened elsewhere, without touching what is written", async () => {
  const { user, client } = await opened();
  await user.type(field(), "Hello");
  const menu = COMMANDS[1]?.onSelect;
  act(() => {
    if (menu !== undefined) doDeed(client, menu);
  });
  expect([field().value, options()]).toEqual(["Hello", ["Weekly", "By Eve"]]);
  await user.keyboard("{ArrowDown}{Enter}");
  expect([field().value, options()]).toEqual(["HelloEve ", []]);
});

it("has no fault with its list open", async () => {
  const { user } = await opened();
  await user.type(field(), "/");
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
