// Measures the time from the click on a thread until its newest item has been painted, in sight.
const newest = given.newest;
const { port1, port2 } = new MessageChannel();
let clicked = null;
window.opened = null;
port1.onmessage = () => {
  window.opened = performance.now() - clicked;
};

function inSight() {
  const item = document.querySelector(`[data-id="${newest}"]`);
  if (item === null || !item.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  const { top, bottom } = item.getBoundingClientRect();
  return item.textContent.length > 100 && bottom > 0 && top < innerHeight && bottom <= innerHeight;
}

function frame() {
  if (inSight()) port2.postMessage(null);
  else requestAnimationFrame(frame);
}

window.addEventListener(
  "click",
  (event) => {
    clicked = event.timeStamp;
    requestAnimationFrame(frame);
  },
  { capture: true, once: true },
);
