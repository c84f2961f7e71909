import { TriangleAlert, X } from "lucide-react";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { useApp, useClient } from "../state/context";
import styles from "./Problems.module.css";

const css = classes(styles);

/** What went wrong outside of any conversation, until the person has read it. */
export function Problems() {
  const client = useClient();
  const problems = useApp((app) => app.problems);
  if (problems.length === 0) return null;
  return (
    <div className={css("problems")}>
      {problems.map((problem) => (
        <div
          key={`${problem.code} ${problem.message}`}
          className={css("problem")}
          role="alert"
          data-testid="problem"
          data-code={problem.code}
        >
          <TriangleAlert size={16} aria-hidden="true" />
          <p className={css("words")}>{problem.message}</p>
          <IconButton small label="Dismiss" onPress={() => client.dismiss(problem)}>
            <X size={15} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
