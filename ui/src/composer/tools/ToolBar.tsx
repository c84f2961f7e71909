import { AtSign, ChevronDown, Wrench, X } from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { flushSync } from "react-dom";
import { IconButton, LightButton } from "../../design/Button";
import { classes } from "../../design/classes";
import type { ComposerTool } from "../../gen/ComposerTool";
import { later } from "../../later";
import { useClient, useConnection, useView } from "../../state/context";
import { useStore } from "../../state/store";
import { Icon } from "../../widgets/Icon";
import { toComposer } from "../place";
import under from "../Under.module.css";
import styles from "./ToolBar.module.css";
import { toolOf } from "./tool";

const ToolMenu = later(() => import("./ToolMenu"));

const css = classes(under, styles);

/** What a message can ask for beside its words; not there where a connection offers nothing of it. */
export function ToolBar({ disabled, onAt }: { readonly disabled: boolean; readonly onAt: () => void }) {
  const client = useClient();
  const open = useView((view) => view.open);
  const profile = useConnection()?.profile ?? null;
  const chosen = useStore(client.drafts.all, (all) => all.get(open)?.tool ?? null);
  const tools = profile?.tools ?? [];
  const mentions = profile?.entities?.in_menu === true;
  if (tools.length === 0 && !mentions && chosen === null) return null;

  function choose(tool: string | null) {
    // The chip, or the button, goes away with the press; the person goes on writing.
    flushSync(() => client.drafts.change(open, { tool }));
    toComposer();
  }

  return (
    <div className={css("bar")} data-testid="tool-bar">
      {mentions && (
        <IconButton label="Mention something" hint="@" isDisabled={disabled} onPress={onAt}>
          <AtSign size={16} />
        </IconButton>
      )}
      {tools.length > 0 && <ToolButton tools={tools} chosen={chosen} disabled={disabled} onChoose={choose} />}
      {tools
        .filter(({ id, pinned }) => pinned && id !== chosen)
        .map((tool) => (
          <AriaButton
            key={tool.id}
            className={css("button")}
            isDisabled={disabled}
            onPress={() => choose(tool.id)}
          >
            <ToolIcon tool={tool} />
            <bdi className={css("label")}>{tool.shortLabel ?? tool.label}</bdi>
          </AriaButton>
        ))}
      {chosen !== null && <Chosen id={chosen} tool={toolOf(profile, chosen)} onRemove={() => choose(null)} />}
    </div>
  );
}

function ToolIcon({ tool }: { readonly tool: ComposerTool | null }) {
  return <Icon name={tool?.icon ?? ""} size="15px" otherwise={<Wrench size={15} aria-hidden="true" />} />;
}

/** The tool of the message that is being written. One that the profile has no more is named as the server does. */
function Chosen({
  id,
  tool,
  onRemove,
}: {
  readonly id: string;
  readonly tool: ComposerTool | null;
  readonly onRemove: () => void;
}) {
  const name = tool?.label ?? id;
  return (
    <span className={css("button", "chip")} data-testid="chosen-tool" data-tool={id} title={name}>
      <ToolIcon tool={tool} />
      <span className="visually-hidden">Tool: </span>
      <bdi className={css("label")}>{tool?.shortLabel ?? name}</bdi>
      <LightButton label={`Remove tool ${name}`} onPress={onRemove}>
        <X size={14} />
      </LightButton>
    </span>
  );
}

function ToolButton({
  tools,
  chosen,
  disabled,
  onChoose,
}: {
  readonly tools: readonly ComposerTool[];
  readonly chosen: string | null;
  readonly disabled: boolean;
  readonly onChoose: (tool: string | null) => void;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <AriaButton
        ref={button}
        className={css("button")}
        data-testid="tools"
        isDisabled={disabled}
        aria-haspopup="menu"
        aria-expanded={open}
        onPress={() => setOpen(true)}
      >
        <Wrench size={15} aria-hidden="true" />
        Tools
        <ChevronDown size={14} aria-hidden="true" />
      </AriaButton>
      <Suspense fallback={null}>
        {open && (
          <ToolMenu
            tools={tools}
            chosen={chosen}
            button={button}
            onClose={() => setOpen(false)}
            // After the menu has given the focus back, or it would take it from the field.
            onChoose={(tool) => setTimeout(() => onChoose(tool))}
          />
        )}
      </Suspense>
    </>
  );
}
