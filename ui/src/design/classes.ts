/** The names of a CSS module. */
type Sheet = Readonly<Record<string, string>>;

/**
 * Class names from a CSS module, by the names in the file; what is false is left out. A name that the file does not
 * have throws while developing and testing, so a renamed class cannot go unnoticed.
 */
export function classes(sheet: Sheet): (...names: readonly (string | false | null | undefined)[]) => string {
  return (...names) => {
    const found: string[] = [];
    for (const name of names) {
      if (!name) continue;
      const scoped = sheet[name];
      if (scoped !== undefined) found.push(scoped);
      else if (import.meta.env.DEV) throw new Error(`no class "${name}" in this style sheet`);
    }
    return found.join(" ");
  };
}
