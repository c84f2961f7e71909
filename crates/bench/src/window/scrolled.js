// Scrolls up, some pixels with every frame, until the oldest item is reached, and notes how far the frames that moved
// something are apart.
const { oldest, step, patience } = given;
const scroller = document.querySelector("[data-testid=thread] section");
const apart = [];
const began = performance.now();
let before = 0;
let moved = false;
let waited = 0;
window.scrolled = null;

function frame(time) {
  if (before > 0 && moved) apart.push(time - before);
  before = time;
  const top = scroller.scrollTop;
  moved = top > 0;
  if (moved) {
    scroller.scrollTop = Math.max(0, top - step);
  } else {
    waited += 1;
    if (document.querySelector(`[data-id="${oldest}"]`) !== null || time - began > patience) {
      const reached = document.querySelector(`[data-id="${oldest}"]`) !== null;
      window.scrolled = { apart, waited, reached };
      return;
    }
  }
  requestAnimationFrame(frame);
}

requestAnimationFrame(frame);
