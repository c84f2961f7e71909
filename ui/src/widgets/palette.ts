/** The hues of the palette, each as its angle in OKLCH and the most of it that a screen can show. */
const HUES: Readonly<Record<string, readonly [angle: number, chroma: number]>> = {
  gray: [255, 0.015],
  red: [25, 0.19],
  orange: [55, 0.15],
  yellow: [90, 0.14],
  green: [150, 0.14],
  blue: [255, 0.16],
  purple: [300, 0.18],
  pink: [355, 0.18],
};

/** How light the two ends are, from 0 to 1. */
const LIGHTEST = 0.985;
const DARKEST = 0.2;

/**
 * A colour of the palette, such as `red-100`; nothing if it is not one. The number says how far it is from the page: in
 * dark the order is turned round, so that what a server calls a faint background stays one, and can be written on.
 */
export function paletteColor(name: string): string | undefined {
  const [, hue = "", shade = ""] = /^([a-z]+)-(\d{1,4})$/.exec(name) ?? [];
  const found = Object.hasOwn(HUES, hue) ? HUES[hue] : undefined;
  const part = Number(shade) / 1000;
  if (found === undefined || part > 1) return undefined;
  return `light-dark(${shadeOf(found, part)}, ${shadeOf(found, 1 - part)})`;
}

function shadeOf([angle, most]: readonly [number, number], part: number): string {
  const lightness = LIGHTEST - (LIGHTEST - DARKEST) * part;
  // The two ends are nearly white and nearly black: there is little colour to be had.
  const chroma = most * 4 * part * (1 - part);
  return `oklch(${plain(lightness)} ${plain(chroma)} ${angle})`;
}

function plain(number: number): string {
  return String(Math.round(number * 1000) / 1000);
}
