import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore, GUIDE } from "../host/fake";
import { openConnections } from "../test/window";

it("says what a server may do unasked, and has it ask again", async () => {
  const core = new FakeCore();
  core.connections = [{ ...GUIDE, allowed_tools: ["open_link", "later_tool"] }];
  const { user } = await openConnections(core);
  expect(screen.getByText("May open links in your browser without asking.")).toBeTruthy();
  expect(screen.getByText("May use “later_tool” without asking.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: /ask before it may open links/ }));
  await waitFor(() =>
    expect(screen.queryByText("May open links in your browser without asking.")).toBeNull(),
  );
  expect(screen.getByText("May use “later_tool” without asking.")).toBeTruthy();
});
