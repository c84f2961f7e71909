import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import {
  action,
  button,
  card,
  checkbox,
  faults,
  input,
  select,
  show,
  showCard,
  stage,
} from "../../test/controls";
import { ItemFrame, WidgetScope } from "../frames";

it("is sent once however often it is pressed, and looks busy until the answer", async () => {
  const { user, server } = show(button("Track", { on_click: action("track", { payload: { id: 81 } }) }));
  const track = screen.getByRole("button", { name: "Track" });
  await user.dblClick(track);
  await user.keyboard("{Enter} ");
  expect(server.asked).toEqual([{ type: "track", payload: { id: 81 } }]);
  expect(track.getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByRole("progressbar", { name: "Working" })).toBeTruthy();
  expect(document.activeElement).toBe(track);
  await server.answer();
  expect(screen.queryByRole("progressbar")).toBeNull();
  await user.click(track);
  expect(server.asked).toHaveLength(2);
});

it("is over when it has failed, too", async () => {
  const { user, server } = show(button("Track", { on_click: action("track") }));
  await user.click(screen.getByRole("button", { name: "Track" }));
  expect(screen.getByRole("progressbar")).toBeTruthy();
  await server.fail();
  expect(screen.queryByRole("progressbar")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Track" }));
  expect(server.asked).toHaveLength(2);
});

it("waits for a turn under way where its answer streams, and only there", async () => {
  const nodes = [
    button("Slow", { on_click: action("slow") }),
    button("Quick", { on_click: action("quick", { streaming: false }) }),
    select("colour", { on_change: action("paint") }),
    checkbox("done", { label: "Done", on_change: action("tick", { streaming: false }) }),
  ];
  const { user, server, again } = show(...nodes);
  again(true);
  expect(screen.getByRole("button", { name: "Slow" })).toHaveProperty("disabled", true);
  expect(screen.getByRole("button", { name: /colour/ })).toHaveProperty("disabled", true);
  await user.click(screen.getByRole("button", { name: "Quick" }));
  await user.click(screen.getByRole("checkbox", { name: "Done" }));
  expect(server.asked.map(({ type }) => type)).toEqual(["quick", "tick"]);
  again(false);
  expect(screen.getByRole("button", { name: "Slow" })).toHaveProperty("disabled", false);
});

it("shows nothing where the server wants nothing shown, and is sent once all the same", async () => {
  const { user, server } = show(
    button("Quiet", { on_click: action("quiet", { loadingBehavior: "none", streaming: false }) }),
  );
  await user.dblClick(screen.getByRole("button", { name: "Quiet" }));
  expect(server.asked).toHaveLength(1);
  expect(screen.queryByRole("progressbar")).toBeNull();
});

it("takes the whole card out of use for its main button, until the answer", async () => {
  const { user, server } = showCard({
    children: [input("who")],
    buttons: { confirm: { label: "Pay", action: action("pay") }, cancel: null },
  });
  const scope = screen.getByTestId("widget-scope");
  await user.click(screen.getByRole("button", { name: "Pay" }));
  expect(scope.hasAttribute("inert")).toBe(true);
  expect(scope.getAttribute("aria-busy")).toBe("true");
  expect(screen.queryByRole("progressbar")).toBeNull();
  await server.fail();
  expect(scope.hasAttribute("inert")).toBe(false);
  expect(scope.getAttribute("aria-busy")).toBe("false");
});

it("makes nobody look busy in a select, unless the server says so", async () => {
  const { user, server } = show(
    select("a", { on_change: action("a") }),
    select("b", { on_change: action("b", { loadingBehavior: "container" }) }),
  );
  const scope = screen.getByTestId("widget-scope");
  await user.click(screen.getByRole("button", { name: /a$/ }));
  await user.click(await screen.findByRole("option", { name: "Red" }));
  expect(server.asked).toHaveLength(1);
  expect(scope.hasAttribute("inert")).toBe(false);
  await user.click(screen.getByRole("button", { name: /b$/ }));
  await user.click(await screen.findByRole("option", { name: "Red" }));
  expect(scope.hasAttribute("inert")).toBe(true);
});

it("sends nothing of what the application is to do, and says that it cannot", async () => {
  const { user, server, client } = show(
    button("Open", { on_click: action("app.open", { handler: "client" }) }),
  );
  await user.click(screen.getByRole("button", { name: "Open" }));
  expect(server.asked).toEqual([]);
  expect(client.toasts.queue.visibleToasts[0]?.content.text).toBe("Kittiwake has nothing for “app.open”");
});

it("names a button that has an icon alone", () => {
  show(button("", { label: null, icon_start: "square-code", on_click: action("x") }));
  expect(screen.getByRole("button", { name: "square code" })).toBeTruthy();
});

it("has lines of a list that are pressed with the keyboard, beside what is in them", async () => {
  const line = (id: number, on_click: ReturnType<typeof action> | null) => (
    <ItemFrame
      node={{ type: "ListViewItem", on_click, gap: null, align: null, children: [] }}
    >{`Line ${id}`}</ItemFrame>
  );
  const { user, server } = stage(
    <WidgetScope>
      {line(1, action("open", { payload: { id: 1 } }))}
      {line(2, null)}
    </WidgetScope>,
  );
  expect(screen.getAllByRole("button").map((found) => found.textContent)).toEqual([""]);
  await user.tab();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Line 1" }));
  await user.keyboard("{Enter}");
  expect(server.asked).toEqual([{ type: "open", payload: { id: 1 } }]);
  expect(await faults()).toEqual([]);
});

it("hides what a collapsed card holds behind its first words, and shows it again to who asks", async () => {
  const title = { type: "Title", value: "Paid", look: {} } as never;
  const { user } = showCard({
    collapsed: true,
    children: [title, input("who")],
    buttons: { confirm: { label: "Pay", action: action("pay") }, cancel: null },
  });
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.queryByRole("button", { name: "Pay" })).toBeNull();
  const summary = screen.getByRole("button", { name: "Paid" });
  expect(summary.getAttribute("aria-expanded")).toBe("false");
  await user.click(summary);
  expect(screen.getByRole("textbox")).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("repeats nothing of a collapsed card that says above what it is", () => {
  const status = { text: "Paid", icon: null, favicon: null } as never;
  showCard({ collapsed: true, status, children: [input("who")] });
  expect(screen.getByRole("button", { name: "Details" })).toBeTruthy();
});

it("draws a card that is not collapsed as it is", async () => {
  showCard(card({ children: [input("who", { placeholder: "Who" })] }));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Who" })).toBeTruthy());
  expect(screen.queryByRole("button")).toBeNull();
});
