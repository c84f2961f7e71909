import type { Plugin } from "vite";

/** A place in a library that gives an object of its own a property which every object has. */
interface Place {
  /** The end of the module's path. */
  readonly module: RegExp;
  readonly from: string;
  readonly to: string;
}

/**
 * The window freezes the prototype of all objects, so that nothing can put anything there. A plain assignment of
 * `constructor` or `toString` to another object throws from then on, and the libraries that draw charts do that.
 */
export const PLACES: readonly Place[] = [
  { module: /decimal\.js-light\/decimal\.m?js$/, from: "P = {};", to: "P = Object.create(null);" },
  {
    module: /d3-color\/.*\.m?js$/,
    from: "prototype.constructor = constructor;",
    to: 'Object.defineProperty(prototype, "constructor", { value: constructor, writable: true });',
  },
  {
    module: /d3-color\/.*\.m?js$/,
    from: "prototype[key] = definition[key];",
    to: "Object.defineProperty(prototype, key, { value: definition[key], writable: true, enumerable: true });",
  },
  {
    module: /d3-format\/.*\.m?js$/,
    from: "FormatSpecifier.prototype.toString = ",
    to: 'Object.defineProperty(FormatSpecifier.prototype, "toString", { value: null, writable: true });\n$&',
  },
];

/** The source of a module with the places in it mended, and which these were. */
export function mended(
  code: string,
  module: string,
): { readonly code: string; readonly places: readonly Place[] } {
  const path = module.split("?")[0]?.replaceAll("\\", "/") ?? "";
  const places = PLACES.filter((place) => place.module.test(path) && code.includes(place.from));
  return { code: places.reduce((text, { from, to }) => text.replace(from, to), code), places };
}

/** Mends the libraries of charts; a build that lacks one of the places fails, for then it is somewhere else. */
export function frozenPrototypes(): Plugin {
  const found = new Set<Place>();
  let hasCharts = false;
  return {
    name: "frozen-prototypes",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      hasCharts ||= id.includes("/recharts/");
      const { code: text, places } = mended(code, id);
      for (const place of places) found.add(place);
      return places.length === 0 ? null : { code: text, map: null };
    },
    buildEnd(error) {
      const missing = PLACES.filter((place) => !found.has(place)).map(({ module }) => module.source);
      if (error === undefined && hasCharts && missing.length > 0)
        this.error(`not found where it was: ${missing.join(", ")}`);
    },
  };
}
