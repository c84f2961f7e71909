import { afterEach, describe, expect, it } from "vitest";
import { mounted, patchesOf, randomPatches, serialised } from "../test/markdown";
import { MarkdownDocument } from ".";
import { loadFormulas } from "./formula";

afterEach(() => document.body.replaceChildren());

const SEEDS = Array.from({ length: 60 }, (_, index) => index * 7919 + 1);

describe("random patches", () => {
  it.each(SEEDS)("build the same page live and at once (seed %i)", async (seed) => {
    await loadFormulas();
    const { patches, snapshot } = randomPatches(seed, 400);
    const live = new MarkdownDocument();
    const { place, unmount } = mounted(live);
    for (const patch of patches) live.apply([patch]);
    expect(live.broken).toBe(false);
    const page = serialised(place);

    for (const whole of [patches, snapshot]) {
      const later = new MarkdownDocument(whole);
      expect(serialised(mounted(later).place)).toBe(page);
      expect(later.plainText).toBe(live.plainText);
    }

    unmount();
    expect(serialised(mounted(live).place)).toBe(page);
  });

  it("are not all of one kind", () => {
    const patches = SEEDS.flatMap((seed) => randomPatches(seed, 400).patches);
    const ops = new Set(patches.map((patch) => patch.op));
    expect(ops).toEqual(new Set(["open", "append", "paint", "cut"]));
    const kinds = new Set(patches.flatMap((patch) => (patch.op === "open" ? [patch.node.type] : [])));
    expect(kinds.size).toBe(22);
  });
});

describe("the plain text", () => {
  it("has the words, apart as they stand", () => {
    const text = new MarkdownDocument(
      patchesOf(
        [{ type: "heading", level: 1 }, "Birds"],
        [
          { type: "list", start: null },
          [{ type: "list_item", checked: null }, "gull"],
          [{ type: "list_item", checked: null }, "tern"],
        ],
        [
          { type: "code_block", language: null },
          [{ type: "code_line", text: "a", spans: [] }],
          [{ type: "code_line", text: "", spans: [] }],
          [{ type: "code_line", text: "b", spans: [] }],
        ],
        [
          { type: "table", alignments: ["none", "none"] },
          [{ type: "table_row", head: true }, [{ type: "table_cell" }, "x"], [{ type: "table_cell" }, "y"]],
          [{ type: "table_row", head: false }, [{ type: "table_cell" }, "1"], [{ type: "table_cell" }, "2"]],
        ],
        [
          { type: "paragraph" },
          "sum ",
          [{ type: "math", tex: "a+b", display: false }],
          [{ type: "footnote_mark", label: "n" }],
          [{ type: "break" }],
          [{ type: "image", href: "https://example.org/", alt: "a gull", title: null }],
        ],
      ),
    ).plainText;
    expect(text).toBe("Birds\n\ngull\ntern\n\na\n\nb\n\nx\ty\n1\t2\n\nsum a+b[n]\na gull");
  });

  it("follows what comes", () => {
    const markdown = new MarkdownDocument(patchesOf([{ type: "paragraph" }, "one"]));
    expect(markdown.plainText).toBe("one");
    markdown.apply([{ op: "append", id: 2, text: " two" }]);
    expect(markdown.plainText).toBe("one two");
  });
});
