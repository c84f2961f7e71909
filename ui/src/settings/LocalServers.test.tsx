import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore } from "../host/fake";
import { openConnections } from "../test/window";

const OLLAMA = {
  name: "Ollama",
  url: "http://127.0.0.1:11434/v1",
  models: ["llama3.2", "qwen3:4b"],
  wants_key: false,
};

function field(label: string): HTMLInputElement {
  return screen.getByLabelText<HTMLInputElement>(label);
}

it("looks only in the form of such servers, and one press fills it in", async () => {
  const core = new FakeCore();
  core.models.local = [OLLAMA];
  const { user } = await openConnections(core);
  await user.click(screen.getByRole("button", { name: "Add a server" }));
  expect(core.count("local_servers")).toBe(0);
  await user.click(screen.getByRole("radio", { name: "OpenAI-compatible server" }));
  await user.click(await screen.findByRole("button", { name: "Use qwen3:4b of Ollama" }));
  expect([field("Address").value, field("Model").value, field("Name").value]).toEqual([
    OLLAMA.url,
    "qwen3:4b",
    "Ollama",
  ]);
  expect([core.count("local_servers"), core.count("add_connection")]).toEqual([1, 0]);
});

it("says that there is none, looks again, and tells which want a key", async () => {
  const core = new FakeCore();
  const { user } = await openConnections(core);
  await user.click(screen.getByRole("button", { name: "Add a server" }));
  await user.click(screen.getByRole("radio", { name: "OpenAI-compatible server" }));
  const box = screen.getByTestId("local-servers");
  await within(box).findByText(/No model server answers/);
  core.models.local = [{ name: "LiteLLM", url: "http://127.0.0.1:4000/v1", models: [], wants_key: true }];
  await user.type(field("Name"), "Mine");
  await user.click(within(box).getByRole("button", { name: "Look again" }));
  await user.click(await within(box).findByRole("button", { name: "Use LiteLLM" }));
  expect(box.textContent).toContain("It wants a key.");
  expect([field("Address").value, field("Name").value]).toEqual(["http://127.0.0.1:4000/v1", "Mine"]);
});
