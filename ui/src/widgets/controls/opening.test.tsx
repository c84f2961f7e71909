import { resetLocalTimeZone, setLocalTimeZone } from "@internationalized/date";
import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { action, choices, datePicker, faults, select, show } from "../../test/controls";

afterEach(resetLocalTimeZone);

const CITIES = ["Aachen", "Århus", "Bergen", "Bremen", "Brno", "Cádiz", "Delft", "Esbjerg"];

it("finds a choice by a part of its name, with the keyboard alone", async () => {
  const { user, server } = show(
    select("city", { options: choices(...CITIES), searchable: true, on_change: action("go") }),
  );
  await user.tab();
  await user.keyboard("{Enter}");
  const search = await screen.findByRole("searchbox", { name: "Search" });
  await waitFor(() => expect(document.activeElement).toBe(search));
  expect(await faults()).toEqual([]);
  await user.keyboard("cad");
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  await user.keyboard("{ArrowDown}{Enter}");
  await waitFor(() => expect(screen.queryByRole("listbox")).toBeNull());
  expect(server.asked).toEqual([{ type: "go", payload: { city: "cádiz" } }]);
});

it("says that nothing was found", async () => {
  const { user } = show(select("city", { options: choices(...CITIES), searchable: true }));
  await user.click(screen.getByRole("button", { name: /city/ }));
  await user.keyboard("zzz");
  expect(await screen.findByText("Nothing found")).toBeTruthy();
});

it("keeps values apart that a server has twice, or empty, and choices that cannot be chosen", async () => {
  const options = [
    { value: "", label: "None", description: "Nothing at all", disabled: false },
    { value: "x", label: "First", description: null, disabled: false },
    { value: "x", label: "Second", description: null, disabled: false },
    { value: "y", label: "Off", description: null, disabled: true },
  ];
  const { user, server } = show(select("one", { options, on_change: action("go", { streaming: false }) }));
  await user.click(screen.getByRole("button", { name: /one/ }));
  expect((await screen.findByRole("option", { name: "Off" })).getAttribute("aria-disabled")).toBe("true");
  await user.click(screen.getByRole("option", { name: "None" }));
  expect(server.asked).toEqual([{ type: "go", payload: { one: "" } }]);
  expect(screen.getByRole("button", { name: /None/ })).toBeTruthy();
});

it("lets go of a choice where the server allows it", async () => {
  const { user, server } = show(
    select("colour", { value: "red", clearable: true, on_change: action("go") }),
    select("fixed", { value: "green" }),
  );
  expect(screen.getAllByRole("button")).toHaveLength(3);
  await user.click(screen.getByRole("button", { name: "Clear colour" }));
  expect(server.asked).toEqual([{ type: "go", payload: { colour: null } }]);
  expect(screen.getByRole("button", { name: /Choose/ })).toBeTruthy();
});

it("shows no choice for a first value that is none of them", () => {
  show(select("colour", { value: "mauve", placeholder: "Pick" }));
  expect(screen.getByRole("button", { name: /Pick/ })).toBeTruthy();
});

it("takes a day from the keyboard and says it as a date and time", async () => {
  setLocalTimeZone("Europe/Berlin");
  const { user, server } = show(
    datePicker("due", { value: "2026-03-01T00:00:00Z", on_change: action("plan", { streaming: false }) }),
  );
  expect(await faults()).toEqual([]);
  await user.tab();
  const month = screen.getByRole("spinbutton", { name: /month/ });
  expect(document.activeElement).toBe(month);
  await user.keyboard("{ArrowUp}");
  expect(server.asked).toEqual([{ type: "plan", payload: { due: "2026-04-01T00:00:00+02:00" } }]);
});

it("takes a day from its calendar, none that is out of bounds, and lets go of it again", async () => {
  setLocalTimeZone("Europe/Berlin");
  const { user, server } = show(
    datePicker("due", {
      value: "2026-03-10",
      min: "2026-03-09",
      max: "2026-03-12T00:00:00Z",
      clearable: true,
      on_change: action("plan", { streaming: false }),
    }),
  );
  await user.click(screen.getByRole("button", { name: /calendar/i }));
  await screen.findByRole("grid");
  expect(await faults()).toEqual([]);
  const day = (words: RegExp) => screen.getByRole("button", { name: words });
  expect(day(/March 13, 2026/).getAttribute("aria-disabled")).toBe("true");
  await user.keyboard("{ArrowRight}{ArrowRight}{Enter}");
  await waitFor(() => expect(screen.queryByRole("grid")).toBeNull());
  expect(server.asked).toEqual([{ type: "plan", payload: { due: "2026-03-12T00:00:00+01:00" } }]);
  await server.answer();
  await user.click(screen.getByRole("button", { name: "Clear the date" }));
  expect(server.asked[1]).toEqual({ type: "plan", payload: { due: null } });
  expect(screen.queryByRole("button", { name: "Clear the date" })).toBeNull();
});
