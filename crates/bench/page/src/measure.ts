import { takeSpent } from "./clock";
import type { Arrival, Renderer } from "./renderers";

/** One text drawn once. */
export interface Run {
  /** What each frame took, in milliseconds: script, style and layout. */
  readonly frames: readonly number[];
  /** The part of the text that was drawn before the time was over, from 0 to 1. */
  readonly drawn: number;
  /** What went wrong; null if nothing did. */
  readonly thrown: string | null;
}

/** The next frame; a window that is hidden for a moment has none, and must not hold everything up. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
    setTimeout(resolve, 1000);
  });
}

/** Draws a text as it arrives, one arrival a frame, and keeps its end in sight. Stops after so many milliseconds of work. */
export async function measure(renderer: Renderer, arrivals: readonly Arrival[], cap: number): Promise<Run> {
  const scroller = part("scroller");
  const place = document.createElement("div");
  part("column").replaceChildren(place);
  const frames: number[] = [];
  let [total, drawn] = [0, 0];
  let thrown: string | null = null;
  const drawing = renderer(place);
  await settle();
  takeSpent();
  try {
    for (const arrival of arrivals) {
      if (total > cap) break;
      await nextFrame();
      const later = takeSpent();
      if (frames.length > 0) frames[frames.length - 1] = (frames.at(-1) ?? 0) + later;
      const begun = performance.now();
      drawing.push(arrival);
      // Asking for the height makes the page lay itself out.
      scroller.scrollTop = scroller.scrollHeight;
      const took = performance.now() - begun;
      frames.push(took);
      total += took + later;
      drawn += 1;
    }
  } catch (error) {
    thrown = String(error);
  }
  await settle();
  drawing.end();
  await settle();
  return { frames, drawn: drawn / Math.max(1, arrivals.length), thrown };
}

/** Lets what was begun come to its end, so that it is not counted into what follows. */
async function settle(): Promise<void> {
  for (let frame = 0; frame < 3; frame += 1) await nextFrame();
}

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}
