import type { EffectView } from "../gen/EffectView";
import type { SettingsPage } from "../gen/SettingsPage";

/** A link to something in the program around a chat: `chatkit-link://name?key=value`. */
const SCHEME = "chatkit-link:";

const PAGES: ReadonlySet<string> = new Set<SettingsPage>(["appearance", "connections", "models", "about"]);

/** Whether an address leads to something that Kittiwake has inside. */
export function isInside(url: string): boolean {
  return deeplink(url) !== null;
}

/** What a link into the program does; `null` for any other link, and for what this program has not. */
export function deeplink(url: string): EffectView | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname, searchParams } = new URL(url);
  if (protocol !== SCHEME) return null;
  switch (host || pathname.replace(/^\/+/, "")) {
    case "show_settings": {
      const page = searchParams.get("page") ?? "appearance";
      return PAGES.has(page) ? { type: "settings", page: page as SettingsPage } : null;
    }
    case "new_thread":
      return { type: "new_thread" };
    case "open_link": {
      const target = searchParams.get("url");
      // What is asked about is where it leads in the end.
      return target === null || deeplink(target) !== null ? null : { type: "link", url: target };
    }
    default:
      return null;
  }
}

/** A message of a server in one line, with who says it: it must not look like one of the program's own. */
export function noticed({ title, body, from }: Extract<EffectView, { type: "message" }>): string {
  const words = body === null ? title : `${title} – ${body}`;
  return `${from}: ${words}`;
}
