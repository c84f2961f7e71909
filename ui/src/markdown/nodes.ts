import type { Alignment } from "../gen/Alignment";
import type { Node as MarkdownNode } from "../gen/Node";
import { isInside } from "../link/deeplink";
import { addressOf } from "./address";
import type { Around } from "./around";
import { codeBlock, codeLine } from "./code";
import type { Wishes } from "./drawing";
import { css, element, icon } from "./elements";
import { formula } from "./formula";
import type { Entry } from "./tree";

/** A node on the page. */
export interface Drawn {
  /** What comes and goes as a whole. */
  readonly top: Element | Text;
  /** Where its children go; null if it has none. */
  readonly holder: Element | null;
  /** What scrolls sideways when it is wide: the scroller, what is in it, and how it is called. */
  readonly scrolls?: readonly [HTMLElement, Element, string];
  /** The button that copies it. */
  readonly copies?: HTMLButtonElement;
  /** What is to be called when it goes. */
  readonly leaves?: () => void;
}

const CLASS = {
  paragraph: css("paragraph"),
  quote: css("quote"),
  list: css("list"),
  item: css("item"),
  task: css("item", "task"),
  box: css("box"),
  rule: css("rule"),
  tableFrame: css("tableFrame", "scroller"),
  table: css("table"),
  footnote: css("footnote"),
  footnoteNumber: css("footnoteNumber"),
  footnoteText: css("footnoteText"),
  inlineCode: css("inlineCode"),
  link: css("link"),
  refused: css("refused"),
  address: css("address"),
  image: css("image"),
  icon: css("icon"),
  mark: css("mark"),
  source: css("source"),
  named: css("source", "named"),
};

const HEADINGS = [css("h1"), css("h2"), css("h3"), css("h4"), css("h5"), css("h6")] as const;

const ALIGNMENTS: Readonly<Record<Alignment, string>> = {
  none: "",
  left: css("left"),
  center: css("center"),
  right: css("right"),
};

/** Draws one node, without its children. */
export function draw(
  entry: Entry & { readonly node: MarkdownNode },
  around: Around,
  wishes: Pick<Wishes, "picture">,
): Drawn {
  const { node } = entry;
  switch (node.type) {
    case "paragraph":
      return container(element("p", CLASS.paragraph));
    case "heading":
      return heading(node.level);
    case "quote":
      return container(element("blockquote", CLASS.quote));
    case "list":
      return list(node.start);
    case "list_item":
      return listItem(node.checked);
    case "code_block": {
      const block = codeBlock(node.language);
      return {
        top: block.frame,
        holder: block.lines,
        scrolls: [block.scroller, block.lines, block.label],
        copies: block.button,
      };
    }
    case "code_line":
      return leaf(codeLine(entry.text, entry.spans));
    case "rule":
      return leaf(element("hr", CLASS.rule));
    case "table":
      return table();
    case "table_row":
      return container(element("tr"));
    case "table_cell":
      return tableCell(around.isHead(), around.alignment());
    case "footnote":
      return footnote(node.label, around);
    case "text":
      return leaf(document.createTextNode(entry.text));
    case "emphasis":
      return container(element("em"));
    case "strong":
      return container(element("strong"));
    case "strikethrough":
      return container(element("del"));
    case "code":
      return leaf(inlineCode(entry.text));
    case "link":
      return link(node.href, node.title);
    case "image":
      return picture(node, around.inLink(), wishes);
    case "math": {
      const top = formula(node.tex, node.display);
      return node.display ? { top, holder: null, scrolls: [top, top, "Formula"] } : leaf(top);
    }
    case "break":
      return leaf(element("br"));
    case "footnote_mark":
      return leaf(footnoteMark(node.label, around));
    case "mark":
      return leaf(sourceMark(node.sources, node.label));
  }
}

function container(top: Element): Drawn {
  return { top, holder: top };
}

function leaf(top: Element | Text): Drawn {
  return { top, holder: null };
}

/** The page has its own headings of the first two levels. */
function heading(level: number): Drawn {
  const looks = HEADINGS[level - 1] ?? css("h6");
  const tags = ["h3", "h4", "h5", "h6"] as const;
  return container(element(tags[level - 1] ?? "h6", looks));
}

function list(start: number | null): Drawn {
  if (start === null) return container(element("ul", CLASS.list));
  const ordered = element("ol", CLASS.list);
  if (start !== 1) ordered.start = start;
  // Long numbers stand left of the text and would be cut off.
  if (start > 99) ordered.style.paddingInlineStart = `calc(${String(start).length}ch + 1.5em)`;
  return container(ordered);
}

function listItem(checked: boolean | null): Drawn {
  if (checked === null) return container(element("li", CLASS.item));
  const item = element("li", CLASS.task);
  const box = element("input", CLASS.box);
  box.type = "checkbox";
  box.disabled = true;
  // The attribute as well: what is copied out of the page keeps the state.
  box.defaultChecked = checked;
  box.setAttribute("aria-label", checked ? "Done" : "To do");
  item.append(box);
  return container(item);
}

function table(): Drawn {
  const frame = element("div", CLASS.tableFrame);
  const rows = element("table", CLASS.table);
  frame.append(rows);
  return { top: frame, holder: rows, scrolls: [frame, rows, "Table"] };
}

function tableCell(isHead: boolean, alignment: Alignment): Drawn {
  const cell = element(isHead ? "th" : "td", ALIGNMENTS[alignment]);
  if (isHead) cell.setAttribute("scope", "col");
  return container(cell);
}

function inlineCode(text: string): HTMLElement {
  const code = element("code", CLASS.inlineCode);
  code.append(document.createTextNode(text));
  return code;
}

/** A link that can be opened is a link; any other is its text, and where it would lead. */
function link(href: string, title: string | null): Drawn {
  const address = addressOf(href);
  const leadsTo = address.href ?? (isInside(href) ? href : null);
  if (leadsTo !== null) return container(anchor(leadsTo, address.shown, title, CLASS.link));
  const top = element("span", CLASS.refused);
  const holder = element("span");
  top.append(holder);
  if (address.telling) {
    const shown = element("span", CLASS.address);
    shown.append(` (${address.shown})`);
    top.append(shown);
  } else {
    top.title = address.shown;
  }
  return { top, holder };
}

function anchor(href: string, shown: string, title: string | null, className: string): HTMLAnchorElement {
  const made = element("a", className);
  made.href = href;
  made.rel = "noopener noreferrer";
  made.title = title === null || title === "" ? shown : `${shown}\n${title}`;
  return made;
}

/** What the window may draw as a picture; anything else is words. */
const FETCHED = /^\s*(https?:|data:image\/)/i;

/** A picture, where the window draws such; who may be asked for it is not decided here. */
function picture(
  { href, alt, title }: Extract<MarkdownNode, { type: "image" }>,
  inLink: boolean,
  wishes: Pick<Wishes, "picture">,
): Drawn {
  if (wishes.picture === undefined || !FETCHED.test(href)) return leaf(image(href, alt, title, inLink));
  const top = element("span");
  const instead = inLink ? `Image: ${alt.trim() === "" ? "no description" : alt}` : null;
  return { top, holder: null, leaves: wishes.picture(top, { url: href, alt, instead }) };
}

/** An image is not loaded by the page: a server could see when and where it is read. Here it is what it shows, and where. */
function image(href: string, alt: string, title: string | null, inLink: boolean): HTMLElement {
  const address = addressOf(href);
  let top: HTMLElement;
  if (address.href === null || inLink) {
    top = element("span", CLASS.image);
    top.title = address.shown;
  } else {
    top = anchor(address.href, address.shown, title, CLASS.image);
  }
  const kind = element("span", "visually-hidden");
  kind.append("Image: ");
  const words = element("span");
  words.append(alt.trim() === "" ? "Image" : alt);
  top.append(icon(CLASS.icon, "M4 4h16v16H4z", "m4 16 5-5 9 9", "M15 8.5h.01"), kind, words);
  return top;
}

/** The mark of sources: a button, because what it shows stands beside it. */
function sourceMark(sources: readonly number[], label: string | null): HTMLElement {
  const numbers = sources.join(", ");
  const top = label === null ? element("sup", CLASS.mark) : element("span");
  const button = element("button", label === null ? CLASS.source : CLASS.named);
  button.type = "button";
  button.dataset["sources"] = sources.join(" ");
  const what = sources.length === 1 ? `Source ${numbers}` : `Sources ${numbers}`;
  button.setAttribute("aria-label", label === null ? what : `${label}, ${what.toLowerCase()}`);
  button.append(label ?? numbers);
  top.append(button);
  return top;
}

function footnoteMark(label: string, around: Around): HTMLElement {
  const top = element("sup", CLASS.mark);
  if (around.leads(label)) top.id = around.anchor(label, "mark");
  const number = around.number(label);
  top.append(innerLink(around.anchor(label, "text"), String(number), `Footnote ${number}`));
  return top;
}

function footnote(label: string, around: Around): Drawn {
  const top = element("div", CLASS.footnote);
  if (around.leads(label)) top.id = around.anchor(label, "text");
  top.setAttribute("role", "note");
  const number = around.number(label);
  const column = element("span", CLASS.footnoteNumber);
  column.append(
    innerLink(around.anchor(label, "mark"), `${number}.`, `Footnote ${number}, back to the text`),
  );
  const holder = element("div", CLASS.footnoteText);
  top.append(column, holder);
  return { top, holder };
}

function innerLink(id: string, words: string, name: string): HTMLAnchorElement {
  const made = element("a", CLASS.link);
  made.setAttribute("href", `#${id}`);
  made.setAttribute("aria-label", name);
  made.append(words);
  return made;
}
