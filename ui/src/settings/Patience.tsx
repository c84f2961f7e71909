import { Label, Radio, RadioGroup } from "react-aria-components";
import { classes } from "../design/classes";
import { useApp, useClient } from "../state/context";
import { LockedDescription, useLocked } from "./Locked";
import settings from "./Settings.module.css";
import styles from "./Unreachable.module.css";

const css = classes(styles);
const base = classes(settings);

/** What is offered, in seconds. */
const CHOICES = [120, 900, 0];

/** For how long messages wait whose server wants a pause. */
export function Patience() {
  const client = useClient();
  const patience = useApp((app) => app.patience);
  // Another number may stand in the file.
  const choices = CHOICES.includes(patience) ? CHOICES : [patience, ...CHOICES];
  const locked = useLocked("patience");
  return (
    <RadioGroup
      isReadOnly={locked}
      className={css("group")}
      value={String(patience)}
      onChange={(next) => {
        client.host.setPatience(Number(next)).catch((thrown: unknown) => client.report(thrown));
      }}
    >
      <Label className={base("section")}>When a server asks to wait</Label>
      {choices.map((seconds) => (
        <Radio key={seconds} value={String(seconds)} className={css("choice")}>
          <span className={css("ring")} aria-hidden="true" />
          <span>
            {seconds === 0 ? "Do not wait" : `Wait up to ${long(seconds)}`}
            <span className={css("about")}>{about(seconds)}</span>
          </span>
        </Radio>
      ))}
      {locked && <LockedDescription />}
    </RadioGroup>
  );
}

function about(seconds: number): string {
  if (seconds === 0) return "The message stays unsent, and you read when another try makes sense.";
  if (seconds === 900) return "The same, with more patience.";
  return "The message counts down and goes out by itself. If the server wants more, you are told.";
}

function long(seconds: number): string {
  if (seconds % 60 !== 0) return seconds === 1 ? "a second" : `${seconds} seconds`;
  return seconds === 60 ? "a minute" : `${seconds / 60} minutes`;
}
