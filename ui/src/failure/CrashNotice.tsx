import { FileWarning, X } from "lucide-react";
import { Button, IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { useClient, useView } from "../state/context";
import styles from "./Problems.module.css";

const css = classes(styles);

/** Says that an earlier run of the program failed, and offers what is known of it. */
export function CrashNotice() {
  const client = useClient();
  const report = useView((view) => view.report);
  if (report === null) return null;
  return (
    <div className={css("problems")}>
      <div className={css("problem")} role="alert" data-testid="crash-notice">
        <FileWarning size={16} aria-hidden="true" />
        <div className={css("words")}>
          <p>{report.title}. A report was written on this computer and sent nowhere.</p>
          <div className={css("actions")}>
            <Button onPress={() => client.overlay({ kind: "report" })}>Show the report</Button>
            <Button weight="quiet" onPress={() => client.answerReport("delete")}>
              Delete
            </Button>
          </div>
        </div>
        <IconButton small label="Keep the report and dismiss" onPress={() => client.answerReport("keep")}>
          <X size={15} />
        </IconButton>
      </div>
    </div>
  );
}
