import { afterEach, describe, expect, it, vi } from "vitest";
import { shown } from "../test/markdown";
import code from "./code.module.css";
import formula from "./formula.module.css";
import styles from "./markdown.module.css";

afterEach(() => document.body.replaceChildren());

/** Lets the observers of sizes have their say. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

const block = () =>
  shown([{ type: "code_block", language: "rs" }, [{ type: "code_line", text: "x", spans: [] }]]);

/** The page of the tests has no widths of its own. */
function widths(content: number, room: number) {
  vi.spyOn(Element.prototype, "scrollWidth", "get").mockReturnValue(content);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(room);
}

describe("what is wider than the column", () => {
  it("is a region with a name that the keyboard reaches", async () => {
    widths(2000, 700);
    const pre = block().place.querySelector("pre");
    await settled();
    expect(pre?.tabIndex).toBe(0);
    expect(pre?.getAttribute("role")).toBe("region");
    expect(pre?.getAttribute("aria-label")).toBe("Rust code");
  });

  it("is nothing to stop at when it fits", async () => {
    widths(700, 700);
    const pre = block().place.querySelector("pre");
    await settled();
    expect(pre?.hasAttribute("tabindex")).toBe(false);
    expect(pre?.hasAttribute("role")).toBe(false);
  });

  it("is no longer watched when it is cut", async () => {
    const unobserve = vi.spyOn(ResizeObserver.prototype, "unobserve");
    const { document: markdown, place } = block();
    const pre = place.querySelector("pre");
    markdown.apply([{ op: "cut", from: 1 }]);
    expect(unobserve).toHaveBeenCalledWith(pre);
  });
});

describe("the style sheets of this folder", () => {
  it("share no name, for they are used as one", () => {
    const names = [styles, code, formula].flatMap((sheet) => Object.keys(sheet));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
