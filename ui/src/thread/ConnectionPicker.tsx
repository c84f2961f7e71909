import { Check, ChevronDown, Plus } from "lucide-react";
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { stateWords } from "../failure/words";
import overlay from "../overlay/Overlay.module.css";
import { useApp, useClient, useConnection } from "../state/context";
import styles from "./Connection.module.css";

const css = classes(styles);
const over = classes(overlay);

/** With whom the next conversation begins. */
export function ConnectionPicker() {
  const client = useClient();
  const connections = useApp((app) => app.connections);
  const current = useConnection();
  return (
    <MenuTrigger>
      <AriaButton className={css("picker")} data-testid="connection-picker">
        <span className="visually-hidden">Talk to </span>
        <span className={css("name")}>{current?.name ?? "No connection"}</span>
        <ChevronDown size={15} aria-hidden="true" />
      </AriaButton>
      <Popover className={over("popover")} placement="bottom start" offset={4}>
        <Menu
          className={over("menu")}
          aria-label="Talk to"
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
              aria-label={`${connection.name}, ${stateWords(connection.state)}`}
            >
              <StateDot state={connection.state.type} />
              <span className={css("name")}>{connection.name}</span>
              <span className={css("check")}>{connection.id === current?.id && <Check size={15} />}</span>
            </MenuItem>
          ))}
          <Separator className={css("separator")} />
          <MenuItem id="add" className={over("choice")} textValue="Add a connection">
            <Plus size={15} />
            Add a connection…
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
