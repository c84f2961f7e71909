import { AtSign } from "lucide-react";
import { useMemo } from "react";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Draft } from "../gen/Draft";
import type { Entity } from "../gen/Entity";
import type { ThreadId } from "../gen/ThreadId";
import { useTarget } from "../models/target";
import { useClient, useOpenThread } from "../state/context";
import { Icon } from "../widgets/Icon";
import { commandsAt } from "./commands";
import type { Choice } from "./suggest/choices";
import { type Trigger, triggerAt } from "./suggest/trigger";
import { type Found, useFound } from "./suggest/useFound";
import type { Editing, Editor } from "./useEditor";

interface Known {
  readonly open: ThreadId | null;
  readonly connection: ConnectionView | null;
  readonly draft: Draft;
  readonly editing: Editing;
}

interface Choices {
  readonly trigger: Trigger | null;
  readonly choices: readonly Choice[];
  readonly found: Found;
}

/** What can be chosen where the person stands: what can be mentioned, or commands. */
export function useChoices({ open, connection, draft, editing }: Known): Choices {
  const { editor, caret, menu, openMenu, closeMenu } = editing;
  const client = useClient();
  const phase = useOpenThread((state) => state.thread?.turn.phase ?? "idle");
  const hasModels = useTarget() !== null;
  const commands = useMemo(
    () =>
      commandsAt({
        client,
        open,
        connection,
        phase,
        hasModels,
        menu: openMenu,
        tool: (tool) => editor.tool(tool),
        at: () => editor.at(),
      }),
    [client, open, connection, phase, hasModels, editor, openMenu],
  );
  const entities = connection?.profile?.entities ?? null;
  const trigger = useMemo(() => {
    const offered = new Set<Trigger["kind"]>();
    if (entities !== null) offered.add("mention");
    if (commands.length > 0) offered.add("command");
    return caret === null ? null : triggerAt(draft, caret, offered);
  }, [draft, caret, entities, commands]);
  const typed = trigger?.kind === "mention" ? trigger.query.trim() : "";
  const asks = entities?.searches === true && typed !== "";
  const found = useFound(asks ? (connection?.id ?? null) : null, asks ? typed : null);
  const choices = useMemo(() => {
    if (trigger?.kind === "mention")
      return mentions(entities?.list ?? [], found.entities).map((entity) =>
        mentioned(entity, editor, trigger),
      );
    return (menu ?? commands).map((command) => chosen(command, editor, trigger, closeMenu));
  }, [trigger, entities, found, menu, commands, editor, closeMenu]);
  return { trigger, choices, found };
}

/** What is known here and what was found, each once. */
function mentions(known: readonly Entity[], found: readonly Entity[]): readonly Entity[] {
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...found.filter(({ id }) => !ids.has(id))];
}

function mentioned(entity: Entity, editor: Editor, trigger: Trigger): Choice {
  return {
    id: entity.id,
    label: entity.title,
    group: entity.group ?? null,
    words: entity.group ?? "",
    icon: <Icon name={entity.icon ?? ""} size="16px" otherwise={<AtSign size={16} />} />,
    choose: () => editor.mention(entity, trigger),
  };
}

/** A command; what was typed to find it is gone when it is done. */
function chosen(command: Choice, editor: Editor, trigger: Trigger | null, closeMenu: () => void): Choice {
  return {
    ...command,
    choose: () => {
      closeMenu();
      if (trigger !== null) editor.replace(trigger.from, trigger.to, "");
      command.choose();
    },
  };
}
