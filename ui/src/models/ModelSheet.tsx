import { type RefObject, useMemo } from "react";
import { Dialog, Popover } from "react-aria-components";
import { toComposer } from "../composer/place";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ModelRef } from "../gen/ModelRef";
import overlay from "../overlay/Overlay.module.css";
import { useApp, useClient } from "../state/context";
import { askedWith } from "../state/models";
import { ModelList } from "./ModelList";
import styles from "./Models.module.css";
import { chooseModel, type Target } from "./target";

const css = classes(styles);
const over = classes(overlay);

/** The models to choose from, above the button that names the chosen one. All of them are known already. */
export default function ModelSheet({
  target,
  button,
  onClose,
}: {
  readonly target: Target;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const catalogue = useApp((app) => app.catalogue);
  const connections = useApp((app) => app.connections);
  const own = useMemo(() => askedWith(target.connection), [target]);

  function close() {
    onClose();
    toComposer();
  }

  function choose(model: ModelRef | null, { id }: Pick<ConnectionView, "id">) {
    close();
    // A model of somebody else is a wish to talk to them.
    if (target.thread === null && !own.includes(id)) client.choose(id);
    chooseModel(client, target, model);
  }

  return (
    <Popover
      className={`${over("popover")} ${css("sheet")}`}
      triggerRef={button}
      isOpen
      onOpenChange={(open) => {
        if (!open) close();
      }}
      placement="top end"
      offset={10}
    >
      <Dialog className={css("dialog")} aria-label="Choose a model" data-testid="model-sheet">
        <ModelList catalogue={catalogue} connections={connections} target={target} onChoose={choose} />
        <div className={css("foot")}>
          <Button
            weight="quiet"
            onPress={() => {
              onClose();
              client.overlay({ kind: "settings", section: "models" });
            }}
          >
            Models in the settings…
          </Button>
        </div>
      </Dialog>
    </Popover>
  );
}
