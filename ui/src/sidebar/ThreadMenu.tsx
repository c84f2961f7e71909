import { Pencil, Trash2 } from "lucide-react";
import { useRef } from "react";
import { Menu, MenuItem } from "react-aria-components";
import { classes } from "../design/classes";
import type { ThreadId } from "../gen/ThreadId";
import { OpenPopover } from "../overlay/OpenPopover";
import overlay from "../overlay/Overlay.module.css";
import { useRights } from "../profile/profileOf";
import { useApp } from "../state/context";

const css = classes(overlay);

/** For which thread a menu opens, and where in the window, in CSS pixels. */
export interface MenuPlace {
  readonly thread: ThreadId;
  readonly x: number;
  readonly y: number;
}

/** What can be done with a conversation from outside it. One menu serves all rows. */
export default function ThreadMenu({
  place,
  onClose,
  onRename,
  onDelete,
}: {
  readonly place: MenuPlace;
  readonly onClose: () => void;
  readonly onRename: (thread: ThreadId) => void;
  readonly onDelete: (thread: ThreadId) => void;
}) {
  const rights = useRights(useApp((app) => app.threads.get(place.thread)?.connection));
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={anchor} className={css("anchor")} style={{ left: place.x, top: place.y }} />
      <OpenPopover anchor={anchor} placement="bottom start" offset={2} onClose={onClose}>
        <Menu
          className={css("menu")}
          aria-label="Conversation"
          autoFocus="first"
          onAction={(action) => {
            // After the menu has given the focus back, or it would take it from the field that opens.
            setTimeout(() => (action === "rename" ? onRename : onDelete)(place.thread));
          }}
          onClose={onClose}
        >
          {rights.rename && (
            <MenuItem id="rename" className={css("choice")} textValue="Rename">
              <Pencil size={15} />
              Rename
              <kbd aria-hidden="true">F2</kbd>
            </MenuItem>
          )}
          {rights.remove && (
            <MenuItem id="delete" className={css("choice", "grave")} textValue="Delete">
              <Trash2 size={15} />
              Delete
              <kbd aria-hidden="true">Del</kbd>
            </MenuItem>
          )}
        </Menu>
      </OpenPopover>
    </>
  );
}
