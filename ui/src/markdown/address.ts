/** The only addresses that become links; the core opens no others either. */
const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** What is invisible, or turns the direction of the text around it. */
const CONTROLS = /\p{Cc}/gu;
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** How much of an address is shown, in UTF-16 units. */
const SHOWN = 200;

/** Where a link leads. */
export interface Address {
  /** What may be opened, in the form in which it is opened; null if nothing may. */
  readonly href: string | null;
  /** What the person sees of it: no invisible characters, and not more than fits. */
  readonly shown: string;
  /** Whether it says something to a person who cannot follow it. */
  readonly telling: boolean;
}

/** Decides what becomes of an address that someone else wrote. */
export function addressOf(written: string): Address {
  const cleaned = written.replace(CONTROLS, "").trim();
  const href = openable(cleaned);
  const visible = (href ?? cleaned).replace(INVISIBLE, "");
  const shown = visible.length > SHOWN ? `${visible.slice(0, SHOWN)}…` : visible;
  return { href, shown, telling: href === null && shown !== "" && !/^(#|chatkit-link:)/i.test(shown) };
}

function openable(cleaned: string): string | null {
  if (!URL.canParse(cleaned)) return null;
  const url = new URL(cleaned);
  return SCHEMES.has(url.protocol) ? url.href : null;
}
