import { expect, it } from "vitest";
import { hostOver } from "../host/commands";
import { FakeCore } from "../host/fake";
import { Drafts, EMPTY_DRAFT } from "./drafts";

const draft = (text: string) => ({ ...EMPTY_DRAFT, text });

it("what is taken back stands before what was written since, and is saved", () => {
  const core = new FakeCore();
  core.addThread({ id: "t" });
  const drafts = new Drafts(hostOver(core));
  drafts.giveBack("t", draft("first"));
  expect(drafts.text("t")).toBe("first");
  drafts.write("t", "second");
  drafts.giveBack("t", draft("first"));
  expect(drafts.text("t")).toBe("first\n\nsecond");
  drafts.flush();
  expect(core.calls.at(-1)?.args).toEqual({ thread: "t", draft: draft("first\n\nsecond") });
});

it("a thread that went away and came back has what the core kept of it", () => {
  const drafts = new Drafts(hostOver(new FakeCore()));
  drafts.clear("t");
  drafts.learn("t", draft("taken back meanwhile"));
  expect(drafts.text("t")).toBe("");
  drafts.forget("t");
  drafts.learn("t", draft("taken back meanwhile"));
  expect(drafts.text("t")).toBe("taken back meanwhile");
});
