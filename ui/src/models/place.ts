/** The one button that chooses a model has one name, by which the rest of the window finds it. */
export const MODEL_BUTTON = "model-button";

/** Opens the list of models, and says whether there is one to open. */
export function pickModel(): boolean {
  const button = document.getElementById(MODEL_BUTTON);
  button?.click();
  return button !== null;
}
