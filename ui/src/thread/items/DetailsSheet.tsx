import { Check, Copy } from "lucide-react";
import { type RefObject, useState } from "react";
import { Dialog } from "react-aria-components";
import { Button } from "../../design/Button";
import { classes } from "../../design/classes";
import type { DetailsView } from "../../gen/DetailsView";
import { OpenPopover } from "../../overlay/OpenPopover";
import { useClient } from "../../state/context";
import styles from "./Details.module.css";
import { detailsRows, detailsText, wayRows } from "./detailsWords";

const css = classes(styles);

/** How an answer came about, beside the button that opens it. */
export default function DetailsSheet({
  details,
  button,
  onClose,
}: {
  readonly details: DetailsView;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const [copied, setCopied] = useState(false);
  const way = wayRows(details);

  return (
    <OpenPopover anchor={button} placement="top start" offset={6} onClose={onClose}>
      <Dialog className={css("sheet")} data-testid="details-sheet" aria-label="Details of this message">
        <h2 className={css("heading")}>Details</h2>
        <table className={css("table")}>
          <tbody>
            {detailsRows(details).map(({ label, value }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td dir="auto">{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {way.length > 0 && (
          <>
            <h3 className={css("subheading")}>On the way</h3>
            <ol className={css("way")}>
              {way.map((step, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its number
                <li key={index}>{step}</li>
              ))}
            </ol>
          </>
        )}
        <div className={css("buttons")}>
          <Button
            onPress={() => {
              client.copyText(detailsText(details));
              setCopied(true);
            }}
          >
            {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
            {copied ? "Copied" : "Copy"}
          </Button>
        </div>
      </Dialog>
    </OpenPopover>
  );
}
