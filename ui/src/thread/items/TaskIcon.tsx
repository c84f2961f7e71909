import { Circle, FileText, Globe, Image, Lightbulb, type LucideIcon } from "lucide-react";
import type { TaskKind } from "../../gen/TaskKind";
import { Icon } from "../../widgets/Icon";

const OF_KIND: Readonly<Record<TaskKind, LucideIcon>> = {
  custom: Circle,
  web_search: Globe,
  thought: Lightbulb,
  file: FileText,
  image: Image,
  unknown: Circle,
};

/** The icon of a task, for eyes only: the one that the server named, or that of its kind if nobody knows the name. */
export function TaskIcon({ name, kind }: { readonly name: string | null; readonly kind: TaskKind }) {
  const OfKind = OF_KIND[kind];
  const ofKind = <OfKind size={14} aria-hidden="true" />;
  return name === null ? ofKind : <Icon name={name} size="14" otherwise={ofKind} />;
}
