import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { shown } from "../test/markdown";
import { loadFormulas } from "./formula";
import { mathml } from "./mathml";

beforeAll(loadFormulas);
afterEach(() => document.body.replaceChildren());

const page = (tex: string, display = false) =>
  shown([{ type: "paragraph" }, [{ type: "math", tex, display }]]).place;

describe("formulas", () => {
  it("are MathML, in the line or by themselves", () => {
    const inline = page("\\frac{1}{2}");
    expect(inline.querySelector("math mfrac")).not.toBeNull();
    expect(inline.querySelector("math")?.namespaceURI).toBe("http://www.w3.org/1998/Math/MathML");
    expect(page("x^2", true).querySelector("math")?.getAttribute("display")).toBe("block");
  });

  it("are drawn anew each time they come into view", () => {
    const [one, other] = [page("a+b"), page("a+b")];
    expect(one.querySelector("math")).not.toBe(other.querySelector("math"));
    expect(other.querySelector("math")?.textContent).toBe("a+b");
  });

  it.each([
    ["invalid", "\\frac{1"],
    ["unknown", "\\nonsense"],
    ["too long", `x${"+1".repeat(1024)}`],
    ["too long in bytes", "\u00e4".repeat(1025)],
    ["a bomb of braces", "{".repeat(2000)],
    ["nested deeply", "\\sqrt{".repeat(290) + "}".repeat(290)],
    ["a bomb of macros", "\\def\\a{\\b\\b}\\def\\b{\\c\\c}\\def\\c{\\d\\d}\\def\\d{\\a\\a}\\a"],
    ["a bomb of elements", `\\def\\a{${"x+".repeat(400)}}\\a\\a\\a\\a\\a\\a`],
    ["a link", "\\href{https://example.org/}{x}"],
    ["a script", "\\href{javascript:alert(1)}{x}"],
    ["an address", "\\url{https://example.org/}"],
    ["a picture", "\\includegraphics{https://example.org/p.png}"],
    ["a style", "\\style{position:fixed}{x}"],
    ["a class", "\\class{chunk}{x}"],
    ["a name", "\\id{root}{x}"],
    ["a link within", "\\ref{x}"],
  ])("show as TeX what is %s", (_, tex) => {
    const place = page(tex);
    expect(place.querySelector("math, a, img, [id]")).toBeNull();
    expect(place.querySelector("code")?.textContent).toBe(tex);
  });

  it("lose names that could stand for others on the page", () => {
    const math = mathml("\\begin{align}a&=b\\label{root}\\\\c&=d\\tag{1}\\label{app}\\end{align}", true, 500);
    expect(math).not.toBeNull();
    expect(math?.querySelectorAll("[id], span").length).toBe(0);
  });

  it("do not grow beyond what is allowed", () => {
    const math = mathml("\\rule{9999em}{9999pt}", true, 500);
    const sizes = [...(math?.querySelectorAll("mspace") ?? [])].map((space) => [
      space.getAttribute("width"),
      space.getAttribute("height"),
    ]);
    expect(sizes).toEqual([["20em", "240pt"]]);
  });

  it("forget the macros of others", () => {
    page("\\gdef\\x{evil}\\x");
    expect(page("\\x").querySelector("math")).toBeNull();
  });
});
