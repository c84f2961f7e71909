import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import styles from "./Connections.module.css";

const css = classes(styles);

/** What a tool does, as the end of a sentence. A tool of a newer version has its name. */
const DOES: Readonly<Record<string, string>> = {
  open_link: "open links in your browser",
  copy_text: "put text on your clipboard",
  notify: "show you messages",
  get_settings: "learn your language and colours",
  show_settings: "show pages of the settings",
};

/** What a server may do on this computer without asking each time, and the way to have it ask again. */
export function AllowedTools({
  connection,
  onFailed,
}: {
  readonly connection: ConnectionView;
  readonly onFailed: (failure: Failure) => void;
}) {
  const { host } = useClient();
  return connection.allowed_tools?.map((tool) => {
    const does = DOES[tool] ?? `use “${tool}”`;
    return (
      <div key={tool} className={css("allowed")}>
        <p className={css("state")}>May {does} without asking.</p>
        <Button
          aria-label={`Have ${connection.name} ask before it may ${does}`}
          onPress={() => {
            host.forgetTool(connection.id, tool).catch((thrown: unknown) => onFailed(asFailure(thrown)));
          }}
        >
          Ask again
        </Button>
      </div>
    );
  });
}
