import { ChevronDown } from "lucide-react";
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { classes } from "../design/classes";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import overlay from "../overlay/Overlay.module.css";
import styles from "./ModelsSection.module.css";

const css = classes(styles);
const over = classes(overlay);

/** Whose models are shown. */
export function ConnectionChoice({
  connections,
  chosen,
  onChoose,
}: {
  readonly connections: readonly ConnectionView[];
  readonly chosen: ConnectionView;
  readonly onChoose: (connection: ConnectionId) => void;
}) {
  return (
    <Select
      className={css("whose")}
      value={chosen.id}
      onChange={(id) => {
        if (id !== null) onChoose(String(id));
      }}
    >
      <Label className={css("label")}>Connection</Label>
      <Button className={css("choice")} data-testid="models-connection">
        <SelectValue className={css("name")} />
        <ChevronDown size={15} aria-hidden="true" />
      </Button>
      <Popover className={over("popover")} offset={4}>
        <ListBox className={over("menu")}>
          {connections.map(({ id, name }) => (
            <ListBoxItem key={id} id={id} className={over("choice")} textValue={name}>
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
