import { afterEach, describe, expect, it, vi } from "vitest";
import type { Node } from "../gen/Node";
import type { Patch } from "../gen/Patch";
import type { Token } from "../gen/Token";
import { mounted, patchesOf, type Sketch, serialised, shown } from "../test/markdown";
import { MarkdownDocument } from ".";
import { SEGMENT } from "./code";

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

const P: Node = { type: "paragraph" };
const code = (language: string | null): Node => ({ type: "code_block", language });
const line = (text: string): Sketch => [{ type: "code_line", text, spans: [] }];

describe("blocks", () => {
  it("draws paragraphs with inline markup", () => {
    const { place } = shown([
      P,
      "a ",
      [{ type: "strong" }, "b ", [{ type: "emphasis" }, "c"]],
      [{ type: "break" }],
      "d",
    ]);
    const paragraph = place.querySelector("p");
    expect(paragraph?.textContent).toBe("a b cd");
    expect(paragraph?.querySelector("strong > em")?.textContent).toBe("c");
    expect(paragraph?.querySelector("br")).not.toBeNull();
  });

  it("draws struck out text and code", () => {
    const { place } = shown([P, [{ type: "strikethrough" }, "no"], [{ type: "code", text: "<b>x</b>" }]]);
    expect(place.querySelector("del")?.textContent).toBe("no");
    expect(place.querySelector("p > code")?.textContent).toBe("<b>x</b>");
    expect(place.querySelector("b")).toBeNull();
  });

  it("puts headings below those of the page, and at most to the last level", () => {
    const { place } = shown(
      ...[1, 2, 3, 4, 5, 6].map((level): Sketch => [{ type: "heading", level }, `level ${level}`]),
    );
    const tags = [...place.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((heading) => heading.localName);
    expect(tags).toEqual(["h3", "h4", "h5", "h6", "h6", "h6"]);
  });

  it("draws quotes, rules and lists", () => {
    const { place } = shown(
      [{ type: "quote" }, [P, "said"]],
      [{ type: "rule" }],
      [{ type: "list", start: 3 }, [{ type: "list_item", checked: null }, "three"]],
      [{ type: "list", start: null }, [{ type: "list_item", checked: null }, "dot"]],
    );
    expect(place.querySelector("blockquote > p")?.textContent).toBe("said");
    expect(place.querySelector("hr")).not.toBeNull();
    expect(place.querySelector("ol")?.start).toBe(3);
    expect(place.querySelector("ul > li")?.textContent).toBe("dot");
  });

  it("draws the boxes of tasks, which say their state and cannot be ticked", () => {
    const { place } = shown([
      { type: "list", start: null },
      [{ type: "list_item", checked: true }, "one"],
      [{ type: "list_item", checked: false }, "two"],
    ]);
    const boxes = [...place.querySelectorAll("input")];
    expect(boxes.map((box) => [box.type, box.checked, box.disabled, box.getAttribute("aria-label")])).toEqual(
      [
        ["checkbox", true, true, "Done"],
        ["checkbox", false, true, "To do"],
      ],
    );
  });

  it("draws tables with a head and aligned columns", () => {
    const cell = (text: string): Sketch => [{ type: "table_cell" }, text];
    const { place } = shown([
      { type: "table", alignments: ["none", "right"] },
      [{ type: "table_row", head: true }, cell("a"), cell("b")],
      [{ type: "table_row", head: false }, cell("1"), cell("2"), cell("beyond")],
    ]);
    const heads = [...place.querySelectorAll("thead th")];
    expect(heads.map((head) => [head.getAttribute("scope"), head.className])).toEqual([
      ["col", ""],
      ["col", "right"],
    ]);
    expect([...place.querySelectorAll("tbody td")].map((data) => data.className)).toEqual(["", "right", ""]);
  });

  it("puts the rows of a long table into groups of 64, the head by itself", () => {
    const cell: Sketch = [{ type: "table_cell" }, "a"];
    const row = (head: boolean): Sketch => [{ type: "table_row", head }, cell];
    const { place } = shown([
      { type: "table", alignments: ["none"] },
      row(true),
      ...Array.from({ length: 129 }, () => row(false)),
    ]);
    const groups = [...(place.querySelector("table")?.children ?? [])];
    expect(groups.map((group) => [group.localName, group.childElementCount])).toEqual([
      ["thead", 1],
      ["tbody", 63],
      ["tbody", 64],
      ["tbody", 2],
    ]);
  });
});

describe("code", () => {
  it("names the language and copies exactly the code, and says so for two seconds", () => {
    vi.useFakeTimers();
    const { place, copied } = shown([code("rs"), line("fn main() {"), line(""), line("\t<b>}  ")]);
    expect(place.querySelector("figcaption span")?.textContent).toBe("Rust");
    const button = place.querySelector("button");
    button?.click();
    expect(copied).toEqual(["fn main() {\n\n\t<b>}  "]);
    expect(button?.textContent).toBe("Copied");
    expect(place.querySelector("[role=status]")?.textContent).toBe("Copied");
    vi.advanceTimersByTime(1999);
    expect(button?.textContent).toBe("Copied");
    vi.advanceTimersByTime(1);
    expect(button?.textContent).toBe("Copy");
    expect(place.querySelector("[role=status]")?.textContent).toBe("");
  });

  it("has an element for each line and groups of 64", () => {
    const { place } = shown([code(null), ...Array.from({ length: 130 }, (_, index) => line(`${index}`))]);
    const groups = [...place.querySelectorAll(".group")];
    expect(groups.map((group) => group.childElementCount)).toEqual([64, 64, 2]);
    expect(groups[1]?.firstElementChild?.textContent).toBe("64");
  });
});

describe("lines of code", () => {
  const TOKENS: Token[] = ["comment", "string", "constant", "keyword", "function", "type"];
  const MORE: Token[] = ["tag", "attribute", "inserted", "deleted"];

  it("gives colours to what has one, and leaves the rest plain", () => {
    const spans = [...TOKENS, ...MORE].map((token) => ({ text: token, token }));
    const { place } = shown([
      code("js"),
      [
        {
          type: "code_line",
          text: `= ${spans.map((span) => span.text).join("")}`,
          spans: [{ text: "= ", token: null }, ...spans],
        },
      ],
    ]);
    const drawn = place.querySelector(".line");
    expect(drawn?.firstChild).toBeInstanceOf(Text);
    expect([...(drawn?.children ?? [])].map((span) => [span.localName, span.className])).toEqual(
      [...TOKENS, ...MORE].map((token) => ["span", token]),
    );
  });

  it("makes one piece of neighbours that look alike", () => {
    const { place } = shown([
      code("js"),
      [
        {
          type: "code_line",
          text: "a.b if c",
          spans: [
            { text: "a", token: null },
            { text: ".b", token: null },
            { text: " i", token: "keyword" },
            { text: "f ", token: "keyword" },
            { text: "c", token: null },
          ],
        },
      ],
    ]);
    const drawn = place.querySelector(".line");
    expect([...(drawn?.childNodes ?? [])].map((node) => [node.nodeName, node.textContent])).toEqual([
      ["#text", "a.b"],
      ["SPAN", " if "],
      ["#text", "c"],
    ]);
  });

  it("skips out of sight what was there before, and not what is being written", () => {
    const there = Array.from({ length: 65 }, (_, index) => line(`${index}`));
    const { document, place } = shown([code(null), ...there]);
    const more = Array.from({ length: 70 }, (_, index): Patch => {
      return { op: "open", id: 67 + index, parent: 1, node: { type: "code_line", text: "", spans: [] } };
    });
    document.apply(more);
    const groups = [...place.querySelectorAll(".group")];
    expect(groups.map((group) => group.classList.contains("whole"))).toEqual([true, true, false]);
  });

  it("has a very long line in segments, the same however it came, and whole characters in each", () => {
    const text = `${"a".repeat(SEGMENT - 1)}\u{1f426}${"b".repeat(SEGMENT)}\u{1f426}end`;
    for (const size of [1, 1000, SEGMENT, SEGMENT + 1, text.length]) {
      const { document, place } = shown([code("js"), line("")]);
      const characters = [...text];
      for (let at = 0; at < characters.length; at += size) {
        document.apply([{ op: "append", id: 2, text: characters.slice(at, at + size).join("") }]);
      }
      const drawn = place.querySelector(".line");
      expect(drawn?.textContent).toBe(text);
      expect(
        [...(drawn?.children ?? [])].map((segment) => [segment.className, segment.textContent?.length]),
      ).toEqual([
        ["segment", SEGMENT + 1],
        ["segment", SEGMENT],
        ["segment", 5],
      ]);
      expect(drawn?.outerHTML).toBe(shown([code("js"), line(text)]).place.querySelector(".line")?.outerHTML);
    }
  });

  it("takes the colours of a line that has ended", () => {
    const { document, place } = shown([code("js"), line("let a")]);
    document.apply([
      { op: "append", id: 2, text: " = 1" },
      {
        op: "paint",
        id: 2,
        spans: [
          { text: "let", token: "keyword" },
          { text: " a = 1", token: null },
        ],
      },
    ]);
    const drawn = place.querySelector(".line");
    expect(drawn?.textContent).toBe("let a = 1");
    expect(drawn?.firstElementChild?.className).toBe("keyword");
  });

  it("keeps a line without text when a person copies by selecting", () => {
    const { document, place } = shown([code("js"), line("")]);
    expect(place.querySelector(".line > br")).not.toBeNull();
    document.apply([{ op: "append", id: 2, text: "x" }]);
    expect(place.querySelector(".line > br")).toBeNull();
    expect(place.querySelector(".line")?.textContent).toBe("x");
  });

  it("costs the same for each piece of text, however long the block is", async () => {
    const markdown = new MarkdownDocument(patchesOf([code("js")]));
    const { place } = mounted(markdown);
    const counts: number[] = [];
    const observer = new MutationObserver(() => undefined);
    observer.observe(place, { subtree: true, childList: true, characterData: true, attributes: true });
    for (let id = 2; id < 2002; id += 1) {
      const before: Patch[] = [
        { op: "open", id, parent: 1, node: { type: "code_line", text: "", spans: [] } },
      ];
      markdown.apply(before);
      observer.takeRecords();
      markdown.apply([{ op: "append", id, text: "a" }]);
      observer.takeRecords();
      markdown.apply([{ op: "append", id, text: "b" }]);
      counts.push(observer.takeRecords().length);
    }
    observer.disconnect();
    expect(place.querySelectorAll(".line").length).toBe(2000);
    expect(new Set(counts)).toEqual(new Set([1]));
  });
});

describe("footnotes", () => {
  it("numbers them by first mention and leads there and back", () => {
    const { place, opened } = shown(
      [
        P,
        "b",
        [{ type: "footnote_mark", label: "b" }],
        [{ type: "footnote_mark", label: "a" }],
        [{ type: "footnote_mark", label: "b" }],
      ],
      [{ type: "footnote", label: "a" }, [P, "first"]],
      [{ type: "footnote", label: "b" }, [P, "second"]],
    );
    expect([...place.querySelectorAll("sup")].map((mark) => mark.textContent)).toEqual(["1", "2", "1"]);
    const ids = [...place.querySelectorAll("[id]")].map((target) => target.id);
    expect(new Set(ids).size).toBe(ids.length);
    Element.prototype.scrollIntoView = vi.fn();
    place.querySelector<HTMLElement>("sup a")?.click();
    expect(document.activeElement?.textContent).toBe("1.");
    expect(document.activeElement?.closest("[role=note]")?.textContent).toContain("second");
    (document.activeElement as HTMLElement).click();
    expect(document.activeElement).toBe(place.querySelector("sup a"));
    expect(opened).toEqual([]);
  });

  it("takes no id from the author's label", () => {
    const { place } = shown(
      [P, [{ type: "footnote_mark", label: '"><img id=x>' }]],
      [{ type: "footnote", label: '"><img id=x>' }, [P, "t"]],
    );
    const ids = [...place.querySelectorAll("[id]")].map((target) => target.id);
    expect(ids.every((id) => /^note-\d+-(mark|text)-1$/.test(id))).toBe(true);
    expect(place.querySelector("img")).toBeNull();
  });
});

describe("a document", () => {
  const BEGIN = patchesOf([P, "one"]);

  it("cuts from the end and goes on", () => {
    const { document, place } = shown([P, "a ", [{ type: "emphasis" }, "b"]], [P, "c"]);
    document.apply([
      { op: "cut", from: 3 },
      { op: "open", id: 3, parent: 1, node: { type: "strong" } },
      { op: "open", id: 4, parent: 3, node: { type: "text", text: "B" } },
      { op: "append", id: 4, text: "!" },
    ]);
    expect(place.textContent).toBe("a B!");
    expect(place.querySelectorAll("p").length).toBe(1);
    expect(document.plainText).toBe("a B!");
  });

  it("does not touch what is finished", () => {
    const { document, place } = shown([P, "one"], [P, "two"]);
    const [first, second] = place.querySelectorAll("p");
    document.apply([
      { op: "cut", from: 4 },
      { op: "open", id: 4, parent: 3, node: { type: "text", text: "2" } },
      ...patchesOf([P, "three"]).map((patch): Patch => {
        if (patch.op !== "open") return patch;
        return { ...patch, id: patch.id + 4, parent: patch.parent === 0 ? 0 : patch.parent + 4 };
      }),
    ]);
    expect([...place.querySelectorAll("p")].slice(0, 2)).toEqual([first, second]);
    expect(place.textContent).toBe("one2three");
  });

  it("grows a text in its node", () => {
    const markdown = new MarkdownDocument(BEGIN);
    const { place } = mounted(markdown);
    const node = place.querySelector("p")?.firstChild;
    markdown.apply([{ op: "append", id: 2, text: " more" }]);
    expect(place.querySelector("p")?.childNodes.length).toBe(1);
    expect(place.querySelector("p")?.firstChild).toBe(node);
    expect(node?.textContent).toBe("one more");
  });

  it("takes what comes while it is out of sight", () => {
    const { document, place, unmount } = shown([P, "one"]);
    unmount();
    expect(place.childNodes.length).toBe(0);
    document.apply([{ op: "append", id: 2, text: " two" }]);
    expect(mounted(document).place.textContent).toBe("one two");
  });

  it("is in one place at a time, and the old place's end does not end the new", () => {
    const markdown = new MarkdownDocument(BEGIN);
    const first = mounted(markdown);
    const second = mounted(markdown);
    first.unmount();
    markdown.apply([{ op: "append", id: 2, text: "!" }]);
    expect(first.place.childNodes.length).toBe(0);
    expect(second.place.textContent).toBe("one!");
  });

  it("leaves out what does not fit, says so once, and does not throw", () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const markdown = new MarkdownDocument(BEGIN);
    const { place } = mounted(markdown);
    const text: Node = { type: "text", text: "x" };
    const wrong = [
      { op: "open", id: 9, parent: 1, node: text },
      { op: "open", id: 3, parent: 7, node: text },
      { op: "open", id: 3, parent: -1, node: text },
      { op: "open", id: 3, parent: 2, node: text },
      { op: "open", id: 3, parent: 1, node: { type: "code_line", text: "", spans: [] } },
      { op: "open", id: 3, parent: 1, node: { type: "toString" } },
      { op: "append", id: 1, text: "x" },
      { op: "append", id: 5, text: "x" },
      { op: "paint", id: 2, spans: [] },
      { op: "cut", from: 0 },
      { op: "cut", from: 3 },
      { op: "fold", id: 1 },
    ] as Patch[];
    for (const patch of wrong) {
      markdown.apply([patch]);
      expect(place.textContent).toBe("one");
    }
    markdown.apply([{ op: "append", id: 2, text: " two" }]);
    expect(place.textContent).toBe("one two");
    expect(markdown.broken).toBe(true);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it("groups the blocks at the top", () => {
    const { document, place } = shown(...Array.from({ length: 65 }, (): Sketch => [P, "x"]));
    const sizes = () => [...place.querySelectorAll(".chunk")].map((chunk) => chunk.childElementCount);
    expect(sizes()).toEqual([32, 32, 1]);
    document.apply([{ op: "cut", from: 129 }]);
    expect(sizes()).toEqual([32, 32]);
    expect(serialised(place)).toBe(serialised(mounted(document).place));
  });
});
