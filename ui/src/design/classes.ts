/** The names of a CSS module. */
type Sheet = Readonly<Record<string, string>>;

/**
 * Class names from CSS modules, by the names in the files; what is false is left out. While developing and testing, a
 * name that no file has throws, so that a renamed class cannot go unnoticed, and so does one that two of them have.
 */
export function classes(
  ...sheets: readonly Sheet[]
): (...names: readonly (string | false | null | undefined)[]) => string {
  const sheet: Sheet = Object.assign({}, ...sheets);
  if (import.meta.env.DEV) {
    const names = sheets.flatMap((one) => Object.keys(one));
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined) throw new Error(`the class "${twice}" stands in two of these style sheets`);
  }
  return (...names) => {
    const found: string[] = [];
    for (const name of names) {
      if (!name) continue;
      const scoped = sheet[name];
      if (scoped !== undefined) found.push(scoped);
      else if (import.meta.env.DEV) throw new Error(`no class "${name}" in these style sheets`);
    }
    return found.join(" ");
  };
}
