import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { type Sketch, shown } from "../test/markdown";
import { addressOf } from "./address";

afterEach(() => document.body.replaceChildren());

const link = (href: string, title: string | null = null): Sketch => [
  { type: "paragraph" },
  [{ type: "link", href, title }, "words"],
];

const image = (href: string, alt = "A bird"): Sketch => [{ type: "image", href, alt, title: null }];

const HOSTILE = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "java\tscript:alert(1)",
  "\u0001javascript:alert(1)",
  "java\u0000script:alert(1)",
  "\u00a0javascript:alert(1)",
  "javascript&#58;alert(1)",
  "javascript://https://example.org/%0aalert(1)",
  "data:text/html,<script>alert(1)</script>",
  "DATA:text/html;base64,PHNjcmlwdD4=",
  "vbscript:msgbox(1)",
  "\u2028vbscript:msgbox(1)",
  "blob:https://example.org/1",
  "view-source:https://example.org/",
  "file:///etc/passwd",
  "filesystem:https://example.org/",
  "about:blank",
  "tauri://localhost/",
  "ipc://localhost/",
  "ms-settings:",
  "\\\\server\\share",
  "//example.org/",
  "/settings",
  "notes.md",
  "#top",
  "chatkit-link:thing",
  "https:",
  "http://",
  "",
];

describe("addresses that are not for opening", () => {
  it.each(HOSTILE)("never make a link of %j", (href) => {
    const { place, opened } = shown(link(href), [{ type: "paragraph" }, image(href)]);
    expect(place.querySelectorAll("a, [href], [src], img").length).toBe(0);
    expect(place.textContent).toContain("words");
    for (const part of place.querySelectorAll<HTMLElement>("span")) part.click();
    expect(opened).toEqual([]);
  });

  it("are shown, without what is invisible and without end", () => {
    expect(shown(link("java\u0000script:\u202ealert(1)")).place.textContent).toBe(
      "words (javascript:alert(1))",
    );
    expect(addressOf(`data:${"x".repeat(5000)}`).shown.length).toBe(201);
    expect(shown(link("chatkit-link:thing")).place.textContent).toBe("words");
  });
});

describe("links", () => {
  it.each([
    ["https://example.org/a?b=c#d", "https://example.org/a?b=c#d"],
    ["HTTPS://EXAMPLE.org", "https://example.org/"],
    [" http://exa\nmple.org/ ", "http://example.org/"],
    ["mailto:someone@example.org", "mailto:someone@example.org"],
    ["https://ex\u0430mple.org/", "https://xn--exmple-4nf.org/"],
  ])("lead from %j to %j", (written, href) => {
    const { place, opened } = shown(link(written));
    const anchor = place.querySelector("a");
    expect(anchor?.getAttribute("href")).toBe(href);
    expect(anchor?.rel).toContain("noreferrer");
    expect(anchor?.title).toBe(href);
    anchor?.click();
    expect(opened).toEqual([href]);
  });

  it("are never followed by the page, whatever button is used", () => {
    const { place, opened } = shown(link("https://example.org/", "A place"));
    const anchor = place.querySelector("a");
    expect(anchor?.title).toBe("https://example.org/\nA place");
    const press = (type: string, init: MouseEventInit) => {
      const event = new MouseEvent(type, { bubbles: true, cancelable: true, ...init });
      anchor?.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(press("click", { ctrlKey: true })).toBe(true);
    expect(press("auxclick", { button: 1 })).toBe(true);
    expect(press("auxclick", { button: 2 })).toBe(true);
    expect(opened).toEqual(["https://example.org/", "https://example.org/"]);
  });

  it("ask nothing of the window any more when the text is away", () => {
    const { place, opened, unmount } = shown(link("https://example.org/"));
    const anchor = place.querySelector("a");
    unmount();
    expect(anchor?.isConnected).toBe(false);
    expect(opened).toEqual([]);
  });
});

describe("images", () => {
  it("are links with their words, and load nothing", () => {
    const { place, opened } = shown([{ type: "paragraph" }, image("https://example.org/p.png?q=secret")]);
    expect(place.querySelector("img, picture, [src], [srcset]")).toBeNull();
    const anchor = place.querySelector("a");
    expect(anchor?.textContent).toBe("Image: A bird");
    anchor?.click();
    expect(opened).toEqual(["https://example.org/p.png?q=secret"]);
  });

  it("leave the click to the link they stand in", () => {
    const { place, opened } = shown([
      { type: "paragraph" },
      [
        { type: "link", href: "https://example.org/page", title: null },
        image("https://example.org/p.png", ""),
      ],
    ]);
    expect(place.querySelectorAll("a").length).toBe(1);
    place.querySelector<HTMLElement>("a span")?.click();
    expect(opened).toEqual(["https://example.org/page"]);
  });
});

describe("the sources", () => {
  it("insert no HTML", () => {
    const doors =
      /innerHTML|outerHTML|insertAdjacentHTML|setHTML|parseFromString|createContextualFragment|document\.write|srcdoc|renderToString|eval\(|new Function/;
    const sources = readdirSync("src/markdown").filter(
      (name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name),
    );
    expect(sources.length).toBeGreaterThan(8);
    expect(sources.filter((name) => doors.test(readFileSync(`src/markdown/${name}`, "utf8")))).toEqual([]);
  });
});
