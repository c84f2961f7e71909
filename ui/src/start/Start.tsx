import { ArrowUpRight } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { classes } from "../design/classes";
import { Mark } from "../design/Mark";
import { useClient, useConnection, useView } from "../state/context";
import { Icon } from "../widgets/Icon";
import { greeting } from "./greeting";
import styles from "./Start.module.css";

const css = classes(styles);

/** Before a conversation: a greeting, and something to begin with. */
export function Start() {
  const client = useClient();
  const connection = useConnection();
  const starting = useView((view) => view.starting);
  // Words of somebody else do not stand under Kittiwake's sign.
  const said = connection?.profile?.greeting ?? null;
  return (
    <div className={css("start")} data-testid="start">
      <div className={css("inner")}>
        {said === null && (
          <span className={css("mark")}>
            <Mark size={40} />
          </span>
        )}
        <h1 className={css("greeting")} dir="auto">
          {said ?? greeting(new Date())}
        </h1>
        {connection === null ? (
          <p className={css("with")}>There is no connection yet. Add one in the settings.</p>
        ) : (
          <p className={css("with")}>
            You are talking to <strong>{connection.name}</strong>.
          </p>
        )}
        {connection !== null && connection.prompts.length > 0 && (
          <ul className={css("prompts")} aria-label="Something to begin with">
            {connection.prompts.map((prompt, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a prompt is known by its place; labels may repeat
              <li key={index}>
                <AriaButton
                  className={css("prompt")}
                  data-testid="start-prompt"
                  isDisabled={starting}
                  onPress={() => void client.send(prompt.prompt, prompt.mentions)}
                >
                  {prompt.icon && <Icon name={prompt.icon} size="1.125rem" />}
                  <span className={css("label")} dir="auto">
                    {prompt.label}
                  </span>
                  <ArrowUpRight size={16} aria-hidden="true" />
                </AriaButton>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
