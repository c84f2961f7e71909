import { Check, Wrench } from "lucide-react";
import type { RefObject } from "react";
import { Menu, MenuItem } from "react-aria-components";
import { classes } from "../../design/classes";
import type { ComposerTool } from "../../gen/ComposerTool";
import { OpenPopover } from "../../overlay/OpenPopover";
import overlay from "../../overlay/Overlay.module.css";
import { Icon } from "../../widgets/Icon";

const css = classes(overlay);

/** Which tool the message asks for: one, or none again. */
export default function ToolMenu({
  tools,
  chosen,
  button,
  onClose,
  onChoose,
}: {
  readonly tools: readonly ComposerTool[];
  readonly chosen: string | null;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
  readonly onChoose: (tool: string | null) => void;
}) {
  return (
    <OpenPopover anchor={button} placement="top start" offset={4} label="Tools" onClose={onClose}>
      <Menu
        className={css("menu")}
        aria-label="Tools"
        autoFocus="first"
        selectionMode="single"
        selectedKeys={chosen === null ? [] : [chosen]}
        onSelectionChange={(keys) => {
          const [key] = keys === "all" ? [] : keys;
          onChoose(key === undefined ? null : String(key));
        }}
        onClose={onClose}
      >
        {tools.map(({ id, label, icon }) => (
          <MenuItem key={id} id={id} className={css("choice")} textValue={label}>
            <Icon name={icon ?? ""} size="15px" otherwise={<Wrench size={15} />} />
            <bdi>{label}</bdi>
            {id === chosen && <Check size={15} aria-hidden="true" />}
          </MenuItem>
        ))}
      </Menu>
    </OpenPopover>
  );
}
