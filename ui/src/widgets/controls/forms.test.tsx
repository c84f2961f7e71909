import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import {
  action,
  button,
  checkbox,
  choices,
  editable,
  faults,
  form,
  input,
  label,
  radios,
  select,
  show,
  showCard,
  textarea,
} from "../../test/controls";

it("is filled in and sent with the keyboard alone", async () => {
  const { user, server } = show(
    form(
      action("todo.save", { payload: { id: 7 } }),
      label("Title", "todo.title"),
      input("todo.title"),
      label("Note", "todo.note"),
      textarea("todo.note"),
      label("Colour", "todo.colour"),
      select("todo.colour"),
      checkbox("todo.urgent", { label: "Urgent" }),
      radios("how", { label: "How" }),
      button("Save", { submit: true }),
    ),
  );
  expect(await faults()).toEqual([]);
  await user.tab();
  expect(screen.getByRole("textbox", { name: "Title" })).toHaveProperty("value", "");
  await user.keyboard("Milk");
  await user.tab();
  await user.keyboard("Two{Enter}litres");
  await user.tab();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: /Colour/ }));
  await user.keyboard("{Enter}");
  await screen.findByRole("listbox");
  await user.keyboard("{ArrowDown}{Enter}");
  await waitFor(() => expect(screen.queryByRole("listbox")).toBeNull());
  // The list gives the focus back in a moment of its own.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: /Colour/ })));
  await user.tab();
  await user.keyboard(" ");
  await user.tab();
  await user.keyboard(" {ArrowRight}");
  await user.tab();
  await user.keyboard("{Enter}");
  expect(server.asked).toEqual([
    {
      type: "todo.save",
      payload: {
        id: 7,
        todo: { title: "Milk", note: "Two\nlitres", colour: "green", urgent: true },
        how: "cheap",
      },
    },
  ]);
});

it("asks its fields first, and leads to the first that is wrong", async () => {
  const { user, server } = show(
    form(
      action("save"),
      input("plate", { placeholder: "Plate", pattern: "[A-Z]{2}", value: "B1" }),
      input("mail", { placeholder: "Mail", input: "email", required: true }),
      checkbox("terms", { label: "Terms", required: true }),
      button("Save", { submit: true }),
    ),
  );
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(server.asked).toEqual([]);
  const plate = screen.getByRole("textbox", { name: "Plate" });
  await waitFor(() => expect(plate.getAttribute("aria-invalid")).toBe("true"));
  expect(document.activeElement).toBe(plate);
  expect(await faults()).toEqual([]);
  await user.clear(plate);
  await user.type(plate, "BE");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Mail" }));
  await user.keyboard("a@example.org");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(document.activeElement).toBe(screen.getByRole("checkbox", { name: "Terms" }));
  await user.keyboard(" ");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(server.asked).toEqual([
    { type: "save", payload: { plate: "BE", mail: "a@example.org", terms: true } },
  ]);
});

it("goes with every action inside, which asks no field, and what its payload has stays", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const { user, server } = show(
    form(
      null,
      input("name", { required: true, value: "typed" }),
      input("off", { value: "not collected", disabled: true }),
      button("Try", {
        on_click: action("try", { payload: { name: "fixed" }, streaming: false, loadingBehavior: "none" }),
      }),
      select("colour", { value: "red", on_change: action("paint", { streaming: false }) }),
    ),
  );
  await user.click(screen.getByRole("button", { name: "Try" }));
  await server.answer();
  await user.click(screen.getByRole("button", { name: "Try" }));
  await server.answer();
  expect(server.asked[0]).toEqual({ type: "try", payload: { name: "fixed", colour: "red" } });
  expect(warn).toHaveBeenCalledTimes(1);
  await user.click(screen.getByRole("button", { name: /colour/ }));
  await user.click(await screen.findByRole("option", { name: "Blue" }));
  expect(server.asked[2]).toEqual({ type: "paint", payload: { colour: "blue", name: "typed" } });
});

it("sends what a lone control changed to", async () => {
  const { user, server } = show(
    checkbox("list.done", { label: "Done", on_change: action("tick", { payload: { id: 1 } }) }),
    radios("speed", { on_change: action("go") }),
  );
  await user.click(screen.getByRole("checkbox", { name: "Done" }));
  await user.click(screen.getByRole("radio", { name: "Fast" }));
  expect(server.asked).toEqual([
    { type: "tick", payload: { id: 1, list: { done: true } } },
    { type: "go", payload: { speed: "fast" } },
  ]);
});

it("asks again for the last of several choices, once the first is answered", async () => {
  const { user, server } = show(
    radios("speed", { options: choices("A", "B", "C"), on_change: action("go") }),
  );
  for (const name of ["A", "B", "C"]) await user.click(screen.getByRole("radio", { name }));
  expect(server.asked.map(({ payload }) => payload)).toEqual([{ speed: "a" }]);
  await server.answer();
  expect(server.asked.map(({ payload }) => payload)).toEqual([{ speed: "a" }, { speed: "c" }]);
});

it("is a card, too, whose main button asks the fields and whose other one does not", async () => {
  const { user, server } = showCard({
    as_form: true,
    children: [input("who", { required: true, placeholder: "Who" })],
    buttons: {
      confirm: { label: "Send", action: action("send") },
      cancel: { label: "Not now", action: action("cancel") },
    },
  });
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(server.asked).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Not now" }));
  expect(server.asked).toEqual([{ type: "cancel", payload: { who: "" } }]);
  await server.answer();
  await user.type(screen.getByRole("textbox", { name: "Who" }), "Ada{Enter}");
  expect(server.asked[1]).toEqual({ type: "send", payload: { who: "Ada" } });
});

it("does what its button does where it has nothing of its own to ask for", async () => {
  const { user, server } = show(
    form(null, input("who", { required: true }), button("Go", { submit: true, on_click: action("go") })),
  );
  await user.click(screen.getByRole("button", { name: "Go" }));
  expect(server.asked).toEqual([]);
  await user.keyboard("Ada{Enter}");
  expect(server.asked).toEqual([{ type: "go", payload: { who: "Ada" } }]);
});

it("keeps what was typed while the server says something else, and follows it until then", async () => {
  const { user, again } = show(input("who", { value: "first", placeholder: "Who" }));
  const shown = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Who" }).value;
  const { controls } = await import("../../test/controls");
  const { WidgetScope } = await import("../frames");
  const next = (value: string) =>
    again(false, <WidgetScope>{controls([input("who", { value, placeholder: "Who" })])}</WidgetScope>);
  next("second");
  expect(shown()).toBe("second");
  await user.type(screen.getByRole("textbox"), "!");
  next("third");
  expect(shown()).toBe("second!");
});

it("lets a text be written over, where Enter sends it", async () => {
  const { user, server } = show(
    form(action("rename"), editable("title", "Old"), button("Ok", { submit: true })),
  );
  const text = screen.getByRole("textbox", { name: "title" });
  await user.clear(text);
  await user.type(text, "New{Enter}");
  expect(server.asked).toEqual([{ type: "rename", payload: { title: "New" } }]);
});

it("says where a password goes, and fills none in", async () => {
  const { core, client } = show(input("secret", { input: "password", placeholder: "Password" }));
  const field = screen.getByLabelText("Password");
  expect(field.getAttribute("type")).toBe("password");
  expect(field.getAttribute("autocomplete")).toBe("new-password");
  expect(screen.getByTestId("goes-to").textContent).toBe("This goes to the server of this conversation");
  await client.start();
  const name = core.connections[0]?.name ?? "";
  await waitFor(() =>
    expect(screen.getByTestId("goes-to").textContent).toBe(`This goes to the server of “${name}”`),
  );
  expect(field.getAttribute("aria-describedby")).toContain(screen.getByTestId("goes-to").id);
  expect(within(document.body).queryAllByTestId("goes-to")).toHaveLength(1);
});

it("leads from a label to its control, and ticks nothing on the way", async () => {
  const { user } = show(label("Terms", "terms"), checkbox("terms"), label("When", "who"), input("who"));
  await user.click(screen.getByText("Terms"));
  const tick = screen.getByRole<HTMLInputElement>("checkbox", { name: "Terms" });
  expect(document.activeElement).toBe(tick);
  expect(tick.checked).toBe(false);
  await user.click(screen.getByText("When"));
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "When" }));
});
