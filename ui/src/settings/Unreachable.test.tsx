import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore } from "../host/fake";
import { openConnections } from "../test/window";

it("the person chooses whether messages wait for their server", async () => {
  const core = new FakeCore();
  const { user } = await openConnections(core);
  const waits = await screen.findByRole("radio", { name: /Wait, and send/ });
  const tells = screen.getByRole("radio", { name: /Tell me at once/ });
  expect(waits).toHaveProperty("checked", true);
  await user.click(tells);
  await waitFor(() => expect(tells).toHaveProperty("checked", true));
  expect(core.whenUnreachable).toBe("tell");
  // By keyboard as well.
  await user.keyboard("{ArrowUp}");
  await waitFor(() => expect(core.whenUnreachable).toBe("wait"));
});
