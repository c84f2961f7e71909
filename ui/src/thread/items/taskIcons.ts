import {
  BookOpen,
  Bug,
  Calendar,
  ChartLine,
  Check,
  Circle,
  Clock,
  Code,
  Compass,
  FileText,
  Globe,
  Image,
  Info,
  Lightbulb,
  type LucideIcon,
  Mail,
  MapPin,
  PenLine,
  Search,
  Sparkles,
  Star,
  User,
  Zap,
} from "lucide-react";
import type { TaskKind } from "../../gen/TaskKind";

/** The icons that tasks and summaries ask for most; any other is a plain ring. */
const NAMED: Readonly<Record<string, LucideIcon | undefined>> = {
  agent: Sparkles,
  analytics: ChartLine,
  bolt: Zap,
  "book-open": BookOpen,
  bug: Bug,
  calendar: Calendar,
  chart: ChartLine,
  check: Check,
  clock: Clock,
  code: Code,
  compass: Compass,
  document: FileText,
  globe: Globe,
  images: Image,
  info: Info,
  lightbulb: Lightbulb,
  mail: Mail,
  "map-pin": MapPin,
  search: Search,
  sparkle: Sparkles,
  "square-code": Code,
  star: Star,
  user: User,
  write: PenLine,
};

const OF_KIND: Readonly<Record<TaskKind, LucideIcon>> = {
  custom: Circle,
  web_search: Globe,
  thought: Lightbulb,
  file: FileText,
  image: Image,
  unknown: Circle,
};

/** The icon of a task: the one that the server named, or that of its kind. */
export function taskIcon(name: string | null, kind: TaskKind): LucideIcon {
  return (name === null ? undefined : NAMED[name.replace(/^lucide:/, "")]) ?? OF_KIND[kind];
}
