import { Label, Radio, RadioGroup } from "react-aria-components";
import { classes } from "../design/classes";
import type { WhenUnreachable } from "../gen/WhenUnreachable";
import { useApp, useClient } from "../state/context";
import { LockedDescription, useLocked } from "./Locked";
import settings from "./Settings.module.css";
import styles from "./Unreachable.module.css";

const css = classes(styles);
const base = classes(settings);

const CHOICES: readonly {
  readonly choice: WhenUnreachable;
  readonly label: string;
  readonly about: string;
}[] = [
  {
    choice: "wait",
    label: "Wait, and send the message later",
    about: "It goes out by itself, once, when the server is there again. Until then it can be taken back.",
  },
  {
    choice: "tell",
    label: "Tell me at once",
    about: "The message stays unsent until you try again.",
  },
];

/** What becomes of messages whose server cannot be reached. */
export function Unreachable() {
  const client = useClient();
  const choice = useApp((app) => app.whenUnreachable);
  const locked = useLocked("when_unreachable");
  return (
    <RadioGroup
      isReadOnly={locked}
      className={css("group")}
      value={choice}
      onChange={(next) => client.setWhenUnreachable(next as WhenUnreachable)}
    >
      <Label className={base("section")}>When a server cannot be reached</Label>
      {CHOICES.map(({ choice, label, about }) => (
        <Radio key={choice} value={choice} className={css("choice")}>
          <span className={css("ring")} aria-hidden="true" />
          <span>
            {label}
            <span className={css("about")}>{about}</span>
          </span>
        </Radio>
      ))}
      {locked && <LockedDescription />}
    </RadioGroup>
  );
}
