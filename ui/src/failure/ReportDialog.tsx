import { Heading } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { Overlay } from "../overlay/Overlay";
import { useClient, useView } from "../state/context";
import styles from "./ReportDialog.module.css";

const css = classes(styles);

/** The report about a failure, to be read, and to be copied by whoever wants to send it somewhere. */
export default function ReportDialog() {
  const client = useClient();
  const report = useView((view) => view.report);
  return (
    <Overlay className={css("modal")} testId="report-dialog" isOpen={report !== null}>
      <div className={css("body")}>
        <Heading slot="title" className={css("title")}>
          {report?.title}
        </Heading>
        <p className={css("lead")}>
          It holds nothing that you wrote and no token. Nobody gets it unless you send it; the file lies in{" "}
          <span className={css("path")}>{report?.folder}</span>.
        </p>
        <section className={css("report")} aria-label="The report">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <pre className={css("text")} tabIndex={0} data-testid="report-text">
            {report?.text}
          </pre>
        </section>
        <div className={css("buttons")}>
          <Button weight="danger" onPress={() => client.answerReport("delete")}>
            Delete
          </Button>
          <Button onPress={() => client.copyText(report?.text ?? "")}>Copy</Button>
          <Button weight="primary" autoFocus onPress={() => client.answerReport("keep")}>
            Keep it
          </Button>
        </div>
      </div>
    </Overlay>
  );
}
