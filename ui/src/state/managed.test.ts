import { expect, it } from "vitest";
import type { ManagedView } from "../gen/ManagedView";
import { bringer, isLocked } from "./managed";

function locking(...locked: string[]): ManagedView {
  return { policy: "/etc/kittiwake/policy.json", locked, connections: ["office"], environment: null };
}

it("locks a key and what is below it, and nothing above or beside it", () => {
  const managed = locking("appearance", "connections.office.url", "patience");
  expect(isLocked(managed, "appearance", "theme")).toBe(true);
  expect(isLocked(managed, "patience")).toBe(true);
  expect(isLocked(managed, "connections", "office", "url")).toBe(true);
  expect(isLocked(managed, "connections", "office")).toBe(false);
  expect(isLocked(managed, "connections", "office", "name")).toBe(false);
  expect(isLocked(managed, "connections", "off", "url")).toBe(false);
  expect(isLocked(managed, "connections")).toBe(false);
  expect(isLocked(locking("connections"), "connections", "office", "disabled")).toBe(true);
});

it("reads names with dots as one part", () => {
  const managed = locking("models.office/gpt-4");
  expect(isLocked(managed, "models", "office/gpt-4", "label")).toBe(true);
  expect(isLocked(managed, "models", "office/gpt-4.1", "label")).toBe(false);
  expect(isLocked(locking("models.office/gpt-4.1.label"), "models", "office/gpt-4.1", "label")).toBe(true);
});

it("knows who brings a connection", () => {
  const managed = { ...locking(), environment: { connection: "own", key: null } };
  expect(["office", "own", "mine"].map((id) => bringer(managed, id))).toEqual([
    "policy",
    "environment",
    null,
  ]);
});
