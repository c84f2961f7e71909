import type { Theme } from "../gen/Theme";

/** Shows the page in a colour scheme; the style sheets know the names. */
export function wear(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset["theme"];
  else dataset["theme"] = theme;
}
