import { icons } from "lucide-react";
import type { Glyph } from "./icons";

/** A picture of Lucide's whole set by the name that its site gives it, such as `alarm-clock`. */
export function byName(name: string): Glyph | undefined {
  const exported = name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const icon = Object.hasOwn(icons, exported) ? icons[exported as keyof typeof icons] : undefined;
  return icon && { icon };
}
