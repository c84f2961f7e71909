import type { Renderer } from "./renderers";

/** How many lines are laid out apart from the others. */
const GROUP = 64;

/** The least that a streamed text can cost: plain text, a block for each line, the last one made longer. */
export const floor: Renderer = (place) => {
  let group = place;
  let tail = new Text();
  let lines = 0;

  const begin = () => {
    if (lines % GROUP === 0) {
      group = document.createElement("div");
      group.className = "group";
      place.append(group);
    }
    lines += 1;
    tail = new Text();
    const line = document.createElement("div");
    line.className = "line";
    line.append(tail);
    group.append(line);
  };

  begin();
  return {
    push({ text }) {
      const [first = "", ...others] = text.split("\n");
      tail.appendData(first);
      for (const line of others) {
        begin();
        tail.appendData(line);
      }
    },
    end: () => place.replaceChildren(),
  };
};
