import {
  AtSign,
  Paperclip,
  Pencil,
  Search,
  Settings,
  Sparkles,
  Square,
  SquarePen,
  Wrench,
} from "lucide-react";
import { flushSync } from "react-dom";
import { shortcutLabel } from "../design/platform";
import type { Command } from "../gen/Command";
import type { ComposerTool } from "../gen/ComposerTool";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ThreadId } from "../gen/ThreadId";
import type { TurnPhase } from "../gen/TurnPhase";
import { pickModel } from "../models/place";
import { doDeed } from "../profile/deeds";
import type { Client } from "../state/client";
import { renameHere } from "../thread/place";
import { Icon } from "../widgets/Icon";
import { toComposer } from "./place";
import type { Choice } from "./suggest/choices";

/** The heading of what every connection offers. */
const OWN = "Kittiwake";

const SIZE = 16;

/** Where a command is to be done. */
export interface Where {
  readonly client: Client;
  readonly open: ThreadId | null;
  readonly connection: ConnectionView | null;
  readonly phase: TurnPhase;
  /** Whether a model can be chosen. */
  readonly hasModels: boolean;
  /** Shows more to choose from, in place of the commands. */
  menu(choices: readonly Choice[]): void;
  tool(id: string | null): void;
  /** Writes the sign that begins a mention. */
  at(): void;
}

/** What `/` offers: the profile's commands, and Kittiwake's own that make sense now. */
export function commandsAt(where: Where): readonly Choice[] {
  const profile = where.connection?.profile;
  if (profile?.no_commands) return [];
  return [...commandsOf(where, profile?.commands ?? []), ...ownCommands(where)];
}

/** Commands of a profile. */
export function commandsOf(where: Pick<Where, "client" | "menu">, commands: readonly Command[]): Choice[] {
  return commands.map((command) => {
    const { id, label, description, icon, group, onSelect: deed } = command;
    const choose =
      deed.type === "menu"
        ? () => where.menu(commandsOf(where, deed.commands))
        : () => doDeed(where.client, deed);
    return {
      id: `profile ${id}`,
      label,
      description: description ?? null,
      group: group ?? null,
      words: id,
      icon: icon ? <Icon name={icon} size="16px" /> : null,
      opens: deed.type === "menu",
      choose,
    };
  });
}

/** Tools to choose from. */
export function toolChoices(tools: readonly ComposerTool[], choose: (id: string) => void): readonly Choice[] {
  return tools.map(({ id, label, icon }) => ({
    id,
    label,
    icon: <Icon name={icon ?? ""} size="16px" otherwise={<Wrench size={SIZE} />} />,
    choose: () => choose(id),
  }));
}

function ownCommands({
  client,
  open,
  connection,
  phase,
  hasModels,
  menu,
  tool,
  at,
}: Where): readonly Choice[] {
  const profile = connection?.profile;
  const tools = profile?.tools ?? [];
  const own = (is: boolean, choice: Omit<Choice, "group">): Choice[] =>
    is ? [{ ...choice, group: OWN }] : [];
  const isRunning = phase !== "idle" && phase !== "stopping";
  return [
    ...own(isRunning, {
      id: "stop",
      label: "Stop the answer",
      icon: <Square size={SIZE} />,
      // Where the server asks not to be stopped, the key does nothing.
      ...(client.thread.state.get().thread?.turn.stop_unwanted !== true && { keys: "Esc" }),
      choose: () => client.stop(),
    }),
    ...own(connection?.files != null, {
      id: "attach",
      label: "Attach a file",
      icon: <Paperclip size={SIZE} />,
      choose: () => client.files.pick(),
    }),
    ...own(profile?.entities != null, {
      id: "mention",
      label: "Mention something",
      icon: <AtSign size={SIZE} />,
      keys: "@",
      choose: at,
    }),
    ...own(tools.length > 0, {
      id: "tool",
      label: "Choose a tool",
      icon: <Wrench size={SIZE} />,
      opens: true,
      choose: () => menu(toolChoices(tools, tool)),
    }),
    ...own(hasModels, {
      id: "model",
      label: "Choose a model",
      icon: <Sparkles size={SIZE} />,
      keys: shortcutLabel("L"),
      choose: () => void pickModel(),
    }),
    ...own(true, {
      id: "new",
      label: "New conversation",
      icon: <SquarePen size={SIZE} />,
      keys: shortcutLabel("N"),
      choose: () => {
        flushSync(() => client.open(null));
        toComposer();
      },
    }),
    ...own(open !== null && !profile?.no_rename, {
      id: "rename",
      label: "Rename the conversation",
      icon: <Pencil size={SIZE} />,
      choose: () => void renameHere(),
    }),
    ...own(true, {
      id: "find",
      label: "Find a conversation",
      icon: <Search size={SIZE} />,
      keys: shortcutLabel("K"),
      choose: () => client.overlay({ kind: "find" }),
    }),
    ...own(true, {
      id: "settings",
      label: "Settings",
      icon: <Settings size={SIZE} />,
      keys: shortcutLabel(","),
      choose: () => client.overlay({ kind: "settings", section: "connections" }),
    }),
  ];
}
