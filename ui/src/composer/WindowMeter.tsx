import { classes } from "../design/classes";
import { useOpenThread } from "../state/context";
import styles from "./WindowMeter.module.css";

const css = classes(styles);

/** From which share on it is worth knowing, in percent. */
const WORTH = 50;

/** How full the model's window is, once that is worth knowing. It is an estimate, and called one. */
export function WindowMeter() {
  const context = useOpenThread((open) => open.thread?.context ?? null);
  if (context === null || context.percent === null || context.percent < WORTH) return null;
  const percent = Math.min(context.percent, 100);
  const words = `About ${percent} % of the window of ${context.model}`;
  return (
    <div className={css("line")} data-testid="window-meter">
      <meter className={css("meter")} min={0} max={100} value={percent} aria-label={words} />
      <span aria-hidden="true">
        About {percent} % of the window of <bdi>{context.model}</bdi>
      </span>
    </div>
  );
}
