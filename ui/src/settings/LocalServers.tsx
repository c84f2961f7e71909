import { RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { LocalServer } from "../gen/LocalServer";
import { useClient } from "../state/context";
import styles from "./LocalServers.module.css";

const css = classes(styles);

/** How many models of one server are offered; the others can be typed. */
const MODELS = 8;

/** The model servers that answer on this computer, looked for while the form is open. One press fills it in. */
export function LocalServers({
  onUse,
}: {
  readonly onUse: (server: LocalServer, model: string | null) => void;
}) {
  const client = useClient();
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<readonly LocalServer[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round looks again
  useEffect(() => {
    let open = true;
    setFound(null);
    client.host.localServers().then(
      (servers) => open && setFound(servers),
      () => open && setFound([]),
    );
    return () => {
      open = false;
    };
  }, [client, round]);
  return (
    <section className={css("box")} aria-label="Servers on this computer" data-testid="local-servers">
      <div className={css("head")}>
        <h4 className={css("title")}>On this computer</h4>
        <Button weight="quiet" isDisabled={found === null} onPress={() => setRound(round + 1)}>
          <RefreshCw size={13} aria-hidden="true" />
          Look again
        </Button>
      </div>
      <p className={css("line")} role="status">
        {said(found)}
      </p>
      {found !== null && found.length > 0 && (
        <ul className={css("list")}>
          {found.map((server) => (
            <li key={server.url}>
              <Server server={server} onUse={(model) => onUse(server, model)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Server({
  server: { name, url, models, wants_key },
  onUse,
}: {
  readonly server: LocalServer;
  readonly onUse: (model: string | null) => void;
}) {
  return (
    <>
      <p className={css("name")}>
        {name} <span className={css("address")}>{url}</span>
      </p>
      <div className={css("models")}>
        {models.slice(0, MODELS).map((model) => (
          <Button key={model} aria-label={`Use ${model} of ${name}`} onPress={() => onUse(model)}>
            <bdi>{model}</bdi>
          </Button>
        ))}
        {models.length === 0 && (
          <Button aria-label={`Use ${name}`} onPress={() => onUse(null)}>
            Use
          </Button>
        )}
        {(wants_key || models.length > MODELS) && (
          <span className={css("address")}>
            {wants_key ? "It wants a key." : `and ${models.length - MODELS} more, which can be typed`}
          </span>
        )}
      </div>
    </>
  );
}

function said(found: readonly LocalServer[] | null): string {
  if (found === null) return "Looking for model servers on this computer…";
  if (found.length === 0)
    return "No model server answers at one of the usual ports. Start one, such as Ollama, or write its address below.";
  return "These answer at their usual ports, and were asked for nothing but their models. Choose a model to fill in the form.";
}
