import { expect, it } from "vitest";
import { hostOver } from "../host/commands";
import { FakeCore } from "../host/fake";
import { Drafts } from "./drafts";

it("what is taken back stands before what was written since, and is saved", () => {
  const core = new FakeCore();
  core.addThread({ id: "t" });
  const drafts = new Drafts(hostOver(core));
  drafts.giveBack("t", "first");
  expect(drafts.text("t")).toBe("first");
  drafts.write("t", "second");
  drafts.giveBack("t", "first");
  expect(drafts.text("t")).toBe("first\n\nsecond");
  drafts.flush();
  expect(core.calls.at(-1)?.args).toEqual({ thread: "t", text: "first\n\nsecond" });
});

it("a thread that went away and came back has what the core kept of it", () => {
  const drafts = new Drafts(hostOver(new FakeCore()));
  drafts.clear("t");
  drafts.learn("t", "taken back meanwhile");
  expect(drafts.text("t")).toBe("");
  drafts.forget("t");
  drafts.learn("t", "taken back meanwhile");
  expect(drafts.text("t")).toBe("taken back meanwhile");
});
