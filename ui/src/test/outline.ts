/**
 * A part of the page as a person finds it without looks: what is read, in order, and what each thing is to a screen
 * reader. One line for each thing with a role, indented by what it is in; text as it stands. What is hidden from both is
 * left out.
 */
export function outline(root: Element): string {
  const lines: string[] = [];
  for (const child of root.childNodes) write(child, 0, lines);
  return lines.join("\n");
}

/** Roles that elements have by themselves. */
const ROLES: Readonly<Record<string, string>> = {
  a: "link",
  article: "article",
  blockquote: "quotation",
  button: "button",
  code: "code",
  h1: "heading 1",
  h2: "heading 2",
  h3: "heading 3",
  h4: "heading 4",
  h5: "heading 5",
  h6: "heading 6",
  hr: "separator",
  img: "image",
  input: "field",
  li: "item",
  math: "formula",
  ol: "numbered list",
  option: "option",
  section: "region",
  select: "choice",
  table: "table",
  td: "cell",
  textarea: "field",
  th: "column",
  tr: "row",
  ul: "list",
};

/** What belongs into the line of the text around it. */
const INLINE = new Set(["B", "CODE", "DEL", "EM", "I", "S", "SPAN", "STRONG", "SUB", "SUP"]);

function write(node: Node, depth: number, lines: string[]): void {
  if (node.nodeType === Node.TEXT_NODE) {
    say(node.textContent ?? "", depth, lines);
    return;
  }
  if (!(node instanceof Element) || isHidden(node)) return;
  const head = headOf(node);
  if (head !== null) lines.push(`${"  ".repeat(depth)}${head}`);
  const inner = head === null ? depth : depth + 1;
  if (isOneLine(node)) say(node.textContent ?? "", inner, lines);
  else for (const child of node.childNodes) write(child, inner, lines);
}

function say(text: string, depth: number, lines: string[]): void {
  const words = text.replaceAll(/\s+/gu, " ").trim();
  if (words !== "") lines.push(`${"  ".repeat(depth)}“${words}”`);
}

function isHidden(element: Element): boolean {
  return (
    element.getAttribute("aria-hidden") === "true" ||
    element.hasAttribute("hidden") ||
    ["SCRIPT", "STYLE", "TEMPLATE"].includes(element.tagName) ||
    (element instanceof HTMLInputElement && element.type === "hidden")
  );
}

/** Whether all that is in it is text, with nothing between that is a thing of its own. */
function isOneLine(element: Element): boolean {
  return (
    element.localName === "math" ||
    [...element.querySelectorAll("*")].every(
      (one) => INLINE.has(one.tagName) && !one.hasAttribute("role") && !isHidden(one) && !named(one),
    )
  );
}

function headOf(element: Element): string | null {
  const role = element.getAttribute("role") ?? ROLES[element.localName] ?? null;
  const name = named(element);
  if (role === null || role === "presentation" || role === "none") return name === null ? null : name;
  const at = element.getAttribute("data-kind");
  const kind = at === null ? "" : ` ${at} ${element.getAttribute("data-stage") ?? ""}`;
  return `${role}${kind}${name === null ? "" : ` ${name}`}${states(element)}`;
}

function named(element: Element): string | null {
  const labelled = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
  const words = labelled.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const name =
    element.getAttribute("aria-label") ?? (words.trim() === "" ? element.getAttribute("alt") : words);
  return name === null || name === "" ? null : `“${name.replaceAll(/\s+/gu, " ").trim()}”`;
}

function states(element: Element): string {
  const said: string[] = [];
  if (element instanceof HTMLInputElement && ["checkbox", "radio"].includes(element.type))
    said.push(element.checked ? "chosen" : "not chosen");
  else if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)
    said.push(element.value === "" ? `empty ${element.placeholder}`.trim() : `says “${element.value}”`);
  if (element.hasAttribute("disabled") || element.getAttribute("aria-disabled") === "true")
    said.push("disabled");
  if (element.getAttribute("aria-busy") === "true") said.push("busy");
  const open = element.getAttribute("aria-expanded");
  if (open !== null) said.push(open === "true" ? "open" : "closed");
  const pressed = element.getAttribute("aria-pressed");
  if (pressed !== null) said.push(pressed === "true" ? "pressed" : "not pressed");
  return said.length === 0 ? "" : ` (${said.join(", ")})`;
}
