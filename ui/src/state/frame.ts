/** Waits until the page draws its next frame, which a hidden page does not. */
export function frame(): Promise<unknown> {
  return new Promise((done) => requestAnimationFrame(done));
}
