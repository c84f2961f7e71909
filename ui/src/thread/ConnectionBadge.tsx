import { RefreshCw, Settings } from "lucide-react";
import { useState } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { Detail } from "../failure/FailureCard";
import { stateWords } from "../failure/words";
import type { ConnectionView } from "../gen/ConnectionView";
import overlay from "../overlay/Overlay.module.css";
import { useClient } from "../state/context";
import styles from "./Connection.module.css";

const css = classes(styles);
const over = classes(overlay);

/** With whom the conversation is, and how that goes: a dot and words; more behind it. */
export function ConnectionBadge({
  connection,
  named,
}: {
  readonly connection: ConnectionView;
  /** Whether to say the name; the picker beside it may do so already. */
  readonly named: boolean;
}) {
  const client = useClient();
  const [checking, setChecking] = useState(false);
  const words = stateWords(connection.state);

  function check() {
    if (checking) return;
    setChecking(true);
    client.host
      .checkConnection(connection.id)
      .catch((thrown: unknown) => client.report(thrown))
      .finally(() => setChecking(false));
  }

  return (
    <DialogTrigger>
      <AriaButton className={css("badge")} data-testid="connection-state" data-state={connection.state.type}>
        {named && <span className={css("name")}>{connection.name}</span>}
        <StateDot state={connection.state.type} />
        <span className={css("state")}>{words}</span>
      </AriaButton>
      <Popover className={over("popover")} placement="bottom end" offset={6}>
        <Dialog className={css("sheet")} aria-label={`Connection: ${connection.name}`}>
          <h2 className={css("heading")}>{connection.name}</h2>
          <p className={css("address")}>{connection.builtin ? "Built into Kittiwake" : connection.address}</p>
          <p className={css("line")}>
            <StateDot state={connection.state.type} />
            {checking ? "Checking…" : words}
          </p>
          {connection.state.type === "failing" && (
            <>
              <p className={css("message")}>{connection.state.failure.message}</p>
              {connection.state.failure.detail && <Detail text={connection.state.failure.detail} />}
            </>
          )}
          <div className={css("actions")}>
            <Button onPress={check}>
              <RefreshCw size={14} aria-hidden="true" />
              Check now
            </Button>
            {!connection.builtin && (
              <Button
                weight="quiet"
                onPress={() => client.overlay({ kind: "settings", section: "connections" })}
              >
                <Settings size={14} aria-hidden="true" />
                Settings
              </Button>
            )}
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
