// Notes when each numbered token was painted. Of a change of the page the next frame is waited for, and of that frame
// the end: a message posted in a frame's callback arrives when style, layout and painting of the frame are done.
const seen = [];
let last = -1;
let asked = false;
const { port1, port2 } = new MessageChannel();
port1.onmessage = ({ data }) => seen.push(data, performance.timeOrigin + performance.now());

/** The number of the last token on the page, or -1. */
function newest() {
  const answers = document.querySelectorAll("[data-testid=answer-text]");
  let node = answers[answers.length - 1];
  if (node === undefined) return -1;
  while (node.lastChild !== null) node = node.lastChild;
  const walker = document.createTreeWalker(answers[answers.length - 1], NodeFilter.SHOW_TEXT);
  walker.currentNode = node;
  for (let text = node; text !== null; text = walker.previousNode()) {
    const numbers = text.nodeValue?.match(/w\d+/g);
    if (numbers) return Number(numbers[numbers.length - 1].slice(1));
  }
  return -1;
}

function frame() {
  asked = false;
  const number = newest();
  if (number <= last) return;
  last = number;
  port2.postMessage(number);
}

const observer = new MutationObserver(() => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(frame);
});
observer.observe(document.body, { childList: true, characterData: true, subtree: true });

window.painted = {
  begin() {
    seen.length = 0;
    last = -1;
  },
  last: () => seen.at(-2) ?? -1,
  seen: () => seen,
};
