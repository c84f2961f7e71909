import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { LatencyTurn } from "../gen/LatencyTurn";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { setLatency } from "../host/fakeCheck";
import { openConnections } from "../test/window";

function turn(at: number, first: number): LatencyTurn {
  return { at, times: { session_ms: 2, first_byte_ms: first / 2, first_token_ms: first, rate: null } };
}

async function open(core = new FakeCore()) {
  core.connections = [{ ...GUIDE, id: "office", name: "Office", builtin: false }, GUIDE];
  const opened = await openConnections(core);
  await opened.user.click(screen.getByRole("button", { name: "How fast Office answers" }));
  return opened;
}

it("says that nothing has been answered yet", async () => {
  await open();
  expect((await screen.findByTestId("latency-empty")).textContent).toContain("Nothing has been answered yet");
});

it("shows each of the last turns as a bar, today's median beside them, and all of it as a table", async () => {
  const core = new FakeCore();
  const median = { session_ms: 2, first_byte_ms: 250, first_token_ms: 500, rate: null };
  const turns = [turn(1_000, 4_000), turn(2_000, 400), turn(3_000, 600)];
  setLatency(core, "office", { turns, today: { turns: 2, median } });
  await open(core);
  const shown = await screen.findByTestId("latency");
  expect(shown.textContent).toContain("The last 3 answers");
  const first = within(shown).getByTestId("latency-first_token_ms");
  expect(first.textContent).toBe("First token500 msat most 4.0 s");
  const bars = [...first.querySelectorAll("rect")];
  expect(bars.map((bar) => [bar.getAttribute("x"), bar.getAttribute("height")])).toEqual([
    ["51", "28"],
    ["54", "2.8000000000000003"],
    ["57", "4.2"],
  ]);
  expect(new Set(bars.map((bar) => bar.getAttribute("class"))).size).toBe(2);
  expect(within(shown).getByTestId("latency-rate").textContent).toBe("Rate–not seen");
  const rows = within(within(shown).getByRole("table")).getAllByRole("row");
  expect(rows).toHaveLength(4);
  expect(rows[1]?.textContent).toContain("2 ms300 ms600 msnot seen");
});

it("tells why it cannot be shown", async () => {
  const core = new FakeCore();
  core.failNext("connection_latency", failureOf("data_damaged", "They cannot be read."));
  await open(core);
  await waitFor(() => expect(screen.getByText("They cannot be read.")).toBeTruthy());
});
