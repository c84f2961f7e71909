import { Ellipsis, Lock } from "lucide-react";
import { useRef, useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover, Text } from "react-aria-components";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { RenameField } from "../design/RenameField";
import type { ModelDraft } from "../gen/ModelDraft";
import type { ModelView } from "../gen/ModelView";
import { asFailure } from "../host/host";
import overlay from "../overlay/Overlay.module.css";
import { LOCKED, LockedWords } from "../settings/Locked";
import { useApp, useClient } from "../state/context";
import { isLocked } from "../state/managed";
import { ModelAbout, ModelNumbers, ModelTitle } from "./ModelOption";
import styles from "./ModelsSection.module.css";

const css = classes(styles);
const over = classes(overlay);

/** One model in the settings: what is known of it, and what can be done with it. */
export function ModelRow({ view }: { readonly view: ModelView }) {
  const client = useClient();
  const more = useRef<HTMLButtonElement>(null);
  const [renaming, setRenaming] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { connection, id, label, hidden, default: first } = view;
  const isFixed = useFixed(view);

  function run(action: Promise<unknown>) {
    setFailure(null);
    action.catch((thrown: unknown) => setFailure(asFailure(thrown).message));
  }

  function put(change: Partial<ModelDraft>) {
    // What is called by its id goes on to be, whatever that becomes.
    const own = label === id ? "" : label;
    run(client.host.putModel({ model: { connection, id }, label: own, hidden, default: first, ...change }));
  }

  return (
    <div className={css("row", hidden && "hidden")} data-testid="model-row" data-id={id}>
      <div className={css("words")}>
        {renaming ? (
          <RenameField
            title={label}
            label={`Name of ${id}`}
            onDone={(title) => {
              setRenaming(false);
              const next = title?.trim();
              if (next !== undefined && next !== label) put({ label: next === id ? "" : next });
              // Whoever uses the keyboard stays at the row; whoever has pressed something else is there already.
              setTimeout(() => document.activeElement === document.body && more.current?.focus());
            }}
          />
        ) : (
          <ModelTitle view={view} />
        )}
        <ModelAbout view={view} />
        {failure !== null && (
          <p className={css("wrong")} role="alert">
            {failure}
          </p>
        )}
      </div>
      <ModelNumbers view={view} />
      {view.locked ? (
        <span className={css("locked")} data-testid="model-locked">
          <Lock size={14} aria-hidden="true" />
          {LOCKED}
        </span>
      ) : (
        <MenuTrigger>
          <IconButton ref={more} small label={`More for ${label}`}>
            <Ellipsis size={16} />
          </IconButton>
          <Popover className={over("popover")} placement="bottom end" offset={4}>
            <Menu className={over("menu")} aria-label={label}>
              <Field
                isFixed={isFixed.label}
                // After the menu has given the focus back, or it would take it from the field that opens.
                onAction={() => setTimeout(() => setRenaming(true))}
              >
                Rename
              </Field>
              <Field isFixed={isFixed.default} onAction={() => put({ default: !first })}>
                {first ? "Do not begin with it" : "Make default"}
              </Field>
              <Field isFixed={isFixed.hidden} onAction={() => put({ hidden: !hidden })}>
                {hidden ? "Show in the list" : "Hide from the list"}
              </Field>
              {view.source === "person" && (
                <MenuItem
                  className={`${over("choice")} ${over("grave")}`}
                  onAction={() => run(client.host.removeModel({ connection, id }))}
                >
                  Remove
                </MenuItem>
              )}
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
    </div>
  );
}

/** What changes one thing about a model; where the administrator has fixed that, it says so in its place. */
function Field({
  isFixed,
  onAction,
  children,
}: {
  readonly isFixed: boolean;
  readonly onAction: () => void;
  readonly children: string;
}) {
  return (
    <MenuItem className={over("choice")} isDisabled={isFixed} textValue={children} onAction={onAction}>
      <Text slot="label">{children}</Text>
      {isFixed && (
        <Text slot="description" className={css("fixed")}>
          <LockedWords />
        </Text>
      )}
    </MenuItem>
  );
}

/** What of a model the administrator has fixed. One with which conversations have to begin leaves no other one that. */
function useFixed({ connection, id }: ModelView) {
  const managed = useApp((app) => app.managed);
  const first = useApp((app) =>
    app.catalogue.models.find((model) => model.connection === connection && model.default),
  );
  const fixed = (model: string, field: string) =>
    isLocked(managed, "models", `${connection}/${model}`, field);
  return {
    label: fixed(id, "label"),
    hidden: fixed(id, "hidden"),
    default: fixed(id, "default") || (first !== undefined && fixed(first.id, "default")),
  };
}
