import { describe, expect, it } from "vitest";
import { announce } from "./announcer";

describe("announcing an answer", () => {
  it("says nothing of a sentence that is not finished", () => {
    expect(announce("The tide is", 0, false)).toEqual({ say: null, spoken: 0 });
    // A full stop may be the middle of a number: only what follows tells.
    expect(announce("The tide is 3.", 0, false).say).toBeNull();
  });

  it("says whole sentences, and each once", () => {
    const text = "The tide is high. It will fall at nine. Then";
    const first = announce(text, 0, false);
    expect(first.say).toBe("The tide is high. It will fall at nine.");
    expect(announce(text, first.spoken, false).say).toBeNull();
    expect(announce(`${text} it rises. `, first.spoken, false).say).toBe("Then it rises.");
  });

  it("takes a line's end for a sentence's end", () => {
    expect(announce("Three birds\nFour", 0, false).say).toBe("Three birds");
  });

  it("says the rest at the end", () => {
    expect(announce("Done. And that", 6, true)).toEqual({ say: "And that", spoken: 14 });
    expect(announce("Done.", 5, true).say).toBeNull();
  });

  it("survives a text that became shorter", () => {
    expect(announce("Sho", 10, false)).toEqual({ say: null, spoken: 3 });
  });
});
