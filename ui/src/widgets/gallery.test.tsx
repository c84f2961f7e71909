import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { StrictMode } from "react";
import { describe, expect, it } from "vitest";
import type { Node } from "../gen/widget/Node";
import { example, GALLERY } from "./gallery";
import { ICONS } from "./icons";
import { isEmpty, keyed, type NodeOf, nameOf } from "./nodes";
import Root from "./Root";

/** A widget on a page of its own. */
function shown(root: Node) {
  return render(<Root node={root} />, { wrapper: StrictMode });
}

function text(value: string, more: Partial<NodeOf<"Text">> = {}): Node {
  const look = { size: null, color: null, weight: null, align: null, truncate: false, max_lines: null };
  return {
    type: "Text",
    value,
    look,
    min_lines: null,
    italic: false,
    line_through: false,
    width: null,
    streaming: false,
    editable: null,
    ...more,
  };
}

function list(rows: number, limit: number | null = null): NodeOf<"ListView"> {
  const children = Array.from(
    { length: rows },
    (_, index): Node => ({
      type: "ListViewItem",
      on_click: null,
      gap: null,
      align: null,
      children: [text(`row ${index}`)],
    }),
  );
  return { type: "ListView", limit, status: null, theme: null, children };
}

describe("every example", () => {
  it.each(GALLERY.map((one) => [one.name, one.root] as const))(
    "%s is drawn without a fault",
    async (_, root) => {
      shown(root);
      const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
      const { violations } = await axe.run(document.body, { rules });
      const faults = violations
        .filter(({ id }) => !["heading-order", "page-has-heading-one", "landmark-one-main"].includes(id))
        .map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" ")}`);
      expect(faults).toEqual([]);
      expect(isEmpty(root)).toBe(false);
    },
  );

  it("holds each component at least once", () => {
    const seen = new Set<string>();
    const visit = (node: Node) => {
      seen.add(node.type);
      if ("children" in node) node.children.forEach(visit);
    };
    for (const { root } of GALLERY) visit(root);
    expect([...seen].sort()).toEqual(
      [
        ...["Badge", "Basic", "Box", "Button", "Caption", "Card", "Chart", "Checkbox", "Col", "DatePicker"],
        ...["Divider", "Form", "Icon", "Image", "Input", "Label", "ListView", "ListViewItem", "Markdown"],
        ...["RadioGroup", "Row", "Select", "Spacer", "Table", "Table.Cell", "Table.Row", "Text", "Textarea"],
        ...["Title", "Transition", "Unknown"],
      ].sort(),
    );
  });
});

describe("a root", () => {
  it("forces its scheme on what it holds", () => {
    const { container } = shown(example("Card, all its looks"));
    expect(container.querySelectorAll(".always-dark")).toHaveLength(1);
    expect(container.querySelectorAll(".always-light")).toHaveLength(1);
    expect(container.querySelector(".always-dark")?.textContent).toBe("dark, always");
  });

  it("shows of a collapsed card only what stands above it", () => {
    shown(example("Card, all its looks"));
    expect(screen.getByText("Paid")).toBeTruthy();
    const hidden = screen.queryByText("not to be seen");
    expect(hidden === null || hidden.closest("[hidden]") !== null).toBe(true);
  });

  it("has an edge where it brings none, and none twice", () => {
    const { container, unmount } = shown(example("Basic"));
    expect(container.querySelectorAll(".edged")).toHaveLength(1);
    unmount();
    expect(shown(example("Card")).container.querySelectorAll(".edged")).toHaveLength(0);
  });

  it("lets what goes to the edge pass its padding, and a picture at its foot only where no buttons follow", () => {
    const { container, unmount } = shown(example("Card"));
    expect(container.querySelector(".body > hr")?.getAttribute("data-flush")).toBe("true");
    expect(container.querySelector(".body.last")).toBeNull();
    unmount();
    const images = shown(example("Images")).container;
    expect(images.querySelector(".body.last > .image[data-flush]")).not.toBeNull();
  });

  it("knows its name, and whether there is anything to see", () => {
    expect(nameOf(example("Card"))).toBe("Espresso machine");
    expect(nameOf(example("ListView"))).toBe("5 results");
    expect(nameOf(example("Basic"))).toBeNull();
    expect(
      isEmpty({ type: "Unknown", name: "X", children: [{ type: "Spacer", min_size: null }, text(" ")] }),
    ).toBe(true);
  });
});

describe("a list", () => {
  it("shows as many lines as its server says, and more on demand, from where on reading goes on", async () => {
    const user = userEvent.setup();
    shown(example("ListView"));
    expect(screen.getAllByRole("listitem")).toHaveLength(3);
    await user.click(screen.getByRole("button", { name: "Show more 2" }));
    expect(screen.getAllByRole("listitem")).toHaveLength(5);
    expect(document.activeElement?.textContent).toBe("Row 4");
    expect(screen.queryByRole("button", { name: /Show more/ })).toBeNull();
  });

  it.each([null, 5_000])("draws a hundred of 5,000 lines at once where its limit is %s", (limit) => {
    const { container } = shown(list(5_000, limit));
    expect(container.querySelectorAll("li")).toHaveLength(100);
    fireEvent.click(screen.getByText("Show more"));
    expect(container.querySelectorAll("li")).toHaveLength(200);
    expect(screen.getByText("4800")).toBeTruthy();
  });
});

describe("layout", () => {
  it("puts a row side by side and the rest below each other", () => {
    const { container } = shown(example("Layout"));
    for (const row of container.querySelectorAll(".row")) expect(row.classList).toContain("across");
    expect(container.querySelectorAll(".fills")).toHaveLength(1);
    expect(container.querySelectorAll("hr")).toHaveLength(2);
  });

  it("moves a child that takes the place of another, and none at first", () => {
    const holding = (key: string): Node => ({ type: "Transition", children: [text(key, { key })] });
    const { container, rerender } = render(<Root node={holding("one")} />);
    expect(container.querySelector(".coming")).toBeNull();
    rerender(<Root node={holding("two")} />);
    expect(container.querySelector(".coming")?.textContent).toBe("two");
    rerender(<Root node={holding("one")} />);
    expect(container.querySelector(".coming")?.textContent).toBe("one");
  });

  it("keeps the elements of children by their keys, also where two are alike", () => {
    const box = (...keys: string[]): Node => ({
      type: "Unknown",
      name: "X",
      children: keys.map((key) => text(key, { key })),
    });
    const { rerender } = render(<Root node={box("a", "b", "b")} />);
    const first = screen.getByText("a");
    rerender(<Root node={box("b", "b", "a")} />);
    expect(screen.getByText("a")).toBe(first);
    const keys = keyed([text("x"), text("y", { id: "1" }), text("z", { key: "1" }), text("z", { key: "1" })]);
    expect(new Set(keys.map(([key]) => key)).size).toBe(4);
  });
});

describe("texts", () => {
  it("are headings, paragraphs, and struck out where they are", () => {
    shown(example("Texts"));
    expect(screen.getAllByRole("heading", { level: 3 })).toHaveLength(4);
    expect(screen.getByText("leaning and struck out").localName).toBe("s");
    expect(screen.getByText("still being written").getAttribute("aria-busy")).toBe("true");
    const long = screen.getByText(/much too long/);
    expect([long.classList.contains("truncated"), long.title]).toEqual([true, long.textContent]);
    expect(screen.getByText(/Three words/).classList).toContain("clamped");
  });

  it("in Markdown are drawn by the hand that draws answers, and grow", () => {
    const paragraph = (words: string): Node => ({
      type: "Markdown",
      streaming: true,
      patches: [
        { op: "open", id: 1, parent: 0, node: { type: "paragraph" } },
        { op: "open", id: 2, parent: 1, node: { type: "text", text: words } },
      ],
    });
    const { rerender, container } = render(<Root node={paragraph("It is")} />, { wrapper: StrictMode });
    const before = container.querySelector("p");
    expect(before?.textContent).toBe("It is");
    rerender(<Root node={paragraph("It is growing")} />);
    expect(container.querySelector("p")).toBe(before);
    expect(before?.textContent).toBe("It is growing");
  });
});

describe("icons", () => {
  it("are drawn by their name, from the whole set where they are asked for, or not at all", async () => {
    const { container } = shown(example("Badges and icons"));
    expect(container.querySelector("[data-icon=star-filled]")?.getAttribute("fill")).toBe("currentColor");
    await waitFor(() => expect(container.querySelector("[data-icon='lucide:rocket']")).not.toBeNull());
    expect(container.querySelector("[data-icon='vendor:acme']")).toBeNull();
    expect(container.querySelectorAll(".sign")).toHaveLength(6);
  });

  it("are there for each name of the protocol", () => {
    const names = `agent analytics atom batch bolt book-open book-closed book-clock bug calendar chart check check-circle
      check-circle-filled chevron-left chevron-right circle-question clock compass confetti cube desktop document dot
      dots-horizontal dots-vertical empty-circle external-link globe keys lab images info lifesaver lightbulb mail map-pin
      maps mobile name notebook notebook-pencil page-blank phone play plus profile profile-card reload star star-filled
      search sparkle sparkle-double square-code square-image square-text suitcase settings-slider user wreath write
      write-alt write-alt2`;
    for (const name of names.split(/\s+/)) expect(ICONS.has(name), name).toBe(true);
  });
});

describe("a table", () => {
  it("has a head, headers and cells over several columns and rows", () => {
    shown(example("Table"));
    const table = screen.getByRole("table");
    expect(
      within(table)
        .getAllByRole("columnheader")
        .map((cell) => cell.textContent),
    ).toEqual(["Bird", "Seen"]);
    expect(table.querySelectorAll("thead tr")).toHaveLength(1);
    expect(table.querySelectorAll("tbody tr")).toHaveLength(3);
    expect(table.querySelector("[rowspan='2']")?.textContent).toBe("Kittiwake");
    expect(table.querySelector("[colspan='2']")?.textContent).toBe("counted on one day");
  });

  it("gives its cells their width, their place and their padding", () => {
    shown(example("Table"));
    const cell = (words: string) => screen.getByText(words).closest<HTMLElement>("td, th")?.style;
    expect(cell("Bird")?.width).toBe("14rem");
    expect(cell("Seen")?.textAlign).toBe("end");
    expect(cell("Kittiwake")?.verticalAlign).toBe("middle");
    expect([cell("7")?.width, cell("7")?.paddingTop, cell("7")?.paddingLeft]).toEqual(["90px", "16px", ""]);
    expect(cell("7")?.getPropertyValue("--cell-align")).toBe("center");
  });

  it("is whole with what does not belong into one", () => {
    const row: Node = { type: "Table.Row", header: false, children: [text("loose")] };
    shown({ type: "Table", children: [text("no row"), row] });
    expect(screen.getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["no row", "loose"]);
  });
});

it("draws only what has changed when a server sends all of it again", () => {
  const before = list(20);
  const { container, rerender } = render(<Root node={before} />);
  const mutations = new MutationObserver(() => undefined);
  mutations.observe(container, { subtree: true, childList: true, characterData: true, attributes: true });
  rerender(<Root node={structuredClone(before)} />);
  expect(mutations.takeRecords()).toEqual([]);
});

it("shows what an unknown component holds", () => {
  shown(example("What this version does not know"));
  expect(screen.getByText("what stands in something unknown")).toBeTruthy();
});

it("says what is seen on a picture", () => {
  shown(example("Images"));
  expect(screen.getAllByRole("img").map((picture) => picture.getAttribute("aria-label"))).toEqual([
    "A harbour in the morning",
    "A gull",
    "A kittiwake",
  ]);
});
