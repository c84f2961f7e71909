import "katex/dist/katex.min.css";
import { code } from "@streamdown/code";
import { math } from "@streamdown/math";
import { createElement, type FunctionComponent, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { Streamdown } from "streamdown";
import type { Renderer } from "./renderers";

/** How often texts were drawn with peers. */
let drawings = 0;

/**
 * A text that no peer has seen before. They keep what they have parsed and coloured by its text, and the same text drawn
 * again would cost them next to nothing; in life no answer comes twice.
 */
function unseen(): (text: string) => string {
  drawings += 1;
  const word = `t${drawings.toString(26).padStart(2, "0")}`;
  return (text) => text.replaceAll("the", word);
}

/** Draws the whole text so far with a component, once per frame: what every chat does that keeps a message in a state. */
function whole(Shown: FunctionComponent<{ readonly text: string }>): Renderer {
  return (place) => {
    const root = createRoot(place);
    let show: (text: string) => void = () => undefined;
    const changed = unseen();
    let text = "";
    const Message = () => {
      const [shown, setShown] = useState("");
      show = setShown;
      return createElement(Shown, { text: shown });
    };
    flushSync(() => root.render(createElement(Message)));
    return {
      push(arrival) {
        text += changed(arrival.text);
        flushSync(() => show(text));
      },
      end: () => root.unmount(),
    };
  };
}

const PLUGINS = { code, math };

/** Streamdown with colours for code and formulas. */
export const streamdown = whole(({ text }) =>
  createElement(Streamdown, { plugins: PLUGINS, isAnimating: true }, text),
);

const GFM = [remarkGfm];

/** React Markdown with GitHub's tables; it colours no code and draws no formulas. */
export const reactMarkdown = whole(({ text }) => createElement(Markdown, { remarkPlugins: GFM }, text));
