/** Whether the person's keyboard has a Command key. */
export const IS_MAC = /mac/i.test(navigator.platform);

/** How a shortcut is written on this system: `shortcutLabel("K")`. */
export function shortcutLabel(key: string): string {
  return IS_MAC ? `⌘${key}` : `Ctrl ${key}`;
}
