import { SquareDashed } from "lucide-react";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import type { HeaderAction } from "../gen/HeaderAction";
import { useClient } from "../state/context";
import { doDeed, useReadiness } from "./deeds";
import styles from "./HeaderButton.module.css";
import { HEADER_ICONS } from "./headerIcons";

const css = classes(styles);

/** A button that a profile puts beside the title. It has an edge, so that it can be told from Kittiwake's own. */
export default function HeaderButton({
  action,
  from,
}: {
  readonly action: HeaderAction;
  /** Whose it is. */
  readonly from: string;
}) {
  const client = useClient();
  const ready = useReadiness(action.onClick);
  if (ready === "never") return null;
  const { icon: Drawn = SquareDashed, filled, turned = false } = HEADER_ICONS.get(action.icon) ?? {};
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <span className={css("action")} role="group" aria-label={`From ${from}`}>
      <IconButton
        label={action.label}
        data-testid="header-action"
        isDisabled={ready === "later"}
        onPress={() => doDeed(client, action.onClick)}
      >
        <Drawn
          size={17}
          aria-hidden="true"
          className={css(turned && "turned")}
          {...(filled !== undefined && { fill: "currentColor" })}
        />
      </IconButton>
    </span>
  );
}
