import { Check, Plus } from "lucide-react";
import type { RefObject } from "react";
import { Menu, MenuItem, Separator } from "react-aria-components";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { stateWords } from "../failure/words";
import { OpenPopover } from "../overlay/OpenPopover";
import overlay from "../overlay/Overlay.module.css";
import { useApp, useClient, useConnection } from "../state/context";
import { shownState } from "../state/standing";
import styles from "./Connection.module.css";

const css = classes(styles);
const over = classes(overlay);

/** The connections to choose from, below the button that names the chosen one. */
export default function ConnectionMenu({
  button,
  onClose,
}: {
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const connections = useApp((app) => app.connections).filter((connection) => !connection.disabled);
  const current = useConnection();
  return (
    <OpenPopover anchor={button} placement="bottom start" offset={4} onClose={onClose}>
      <Menu
        className={over("menu")}
        aria-label="Talk to"
        autoFocus="first"
        onClose={onClose}
        onAction={(id) => {
          if (id === "add") client.overlay({ kind: "settings", section: "connections" });
          else client.choose(String(id));
        }}
      >
        {connections.map((connection) => (
          <MenuItem
            key={connection.id}
            id={connection.id}
            className={over("choice")}
            textValue={connection.name}
            aria-label={`${connection.name}, ${connection.route ? "route, " : ""}${stateWords(shownState(connection))}`}
          >
            <StateDot state={shownState(connection).type} />
            <span className={css("name")}>{connection.name}</span>
            {connection.route && <span className={css("kind")}>Route</span>}
            <span className={css("check")}>{connection.id === current?.id && <Check size={15} />}</span>
          </MenuItem>
        ))}
        <Separator className={css("separator")} />
        <MenuItem id="add" className={over("choice")} textValue="Add a connection">
          <Plus size={15} />
          Add a connection…
        </MenuItem>
      </Menu>
    </OpenPopover>
  );
}
