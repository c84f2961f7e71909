import type { Patch } from "../../../../ui/src/gen/Patch";
import { floor } from "./floor";
import { kittiwake } from "./kittiwake";
import { reactMarkdown, streamdown } from "./peers";

/** What arrives for one frame. */
export interface Arrival {
  /** The new text. */
  readonly text: string;
  /** The same, as the messages that the core makes of it. */
  readonly batches: readonly (readonly Patch[])[];
}

/** Something that draws a text as it arrives. */
export interface Drawing {
  push(arrival: Arrival): void;
  end(): void;
}

/** Begins to draw into an element. */
export type Renderer = (place: HTMLElement) => Drawing;

/** By the names that the plan calls them. */
export const RENDERERS: Readonly<Record<string, Renderer>> = {
  floor,
  kittiwake,
  streamdown,
  "react-markdown": reactMarkdown,
};
