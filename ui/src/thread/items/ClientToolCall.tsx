import { ChevronRight, CircleSlash, Wrench } from "lucide-react";
import { useId, useState } from "react";
import { Button as AriaButton, Disclosure, DisclosurePanel } from "react-aria-components";
import { Button } from "../../design/Button";
import { classes } from "../../design/classes";
import { Turning } from "../../design/Turning";
import type { Consent } from "../../gen/Consent";
import type { ThreadId } from "../../gen/ThreadId";
import { Own } from "../../profile/Pane";
import { useClient } from "../../state/context";
import styles from "./ClientToolCall.module.css";
import type { ItemProps } from "./Item";

const css = classes(styles);

/** Something that the assistant wants done on this computer. */
export function ClientToolCall({ thread, item, body }: ItemProps<"client_tool_call">) {
  const name = <bdi className={css("name")}>{body.name}</bdi>;
  switch (body.state) {
    case "asks":
      return <Asking thread={thread} item={item} body={body} />;
    case "running":
      return (
        <p className={css("line")}>
          <Turning size={14} />
          <span>Using the tool {name}…</span>
        </p>
      );
    case "answered":
      return <Answered label="Used the tool" body={body} />;
    case "failed":
      return <Answered label="Did not use the tool" body={body} />;
    case "passed":
      return (
        <p className={css("line")}>
          <CircleSlash size={14} aria-hidden="true" />
          <span>The call of the tool {name} was not answered.</span>
        </p>
      );
  }
}

interface Ask {
  readonly thread: ThreadId;
  readonly item: ItemProps<"client_tool_call">["item"];
  readonly body: ItemProps<"client_tool_call">["body"];
}

/** The question, with what exactly would be done. Nothing here takes the focus: an Enter meant for another place does nothing. */
function Asking({ thread, item, body }: Ask) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const heading = useId();

  async function answer(consent: Consent) {
    setBusy(true);
    try {
      await client.host.answerToolCall(thread, item.id, consent);
    } catch (thrown) {
      client.report(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Own>
      <section className={css("card")} aria-labelledby={heading} data-testid="tool-consent">
        <h3 id={heading} className={css("heading")}>
          <Wrench size={15} aria-hidden="true" />
          <span>
            The assistant asks to use <bdi className={css("name")}>{body.name}</bdi>
          </span>
        </h3>
        <p className={css("asks")}>{body.asks}</p>
        <Block label="With exactly this:" text={body.arguments} />
        <div className={css("buttons")}>
          <Button isDisabled={busy} onPress={() => void answer("refuse")}>
            Refuse
          </Button>
          <Button isDisabled={busy} onPress={() => void answer("always")}>
            Always for this assistant
          </Button>
          <Button weight="primary" isDisabled={busy} onPress={() => void answer("once")}>
            Do it once
          </Button>
        </div>
      </section>
    </Own>
  );
}

/** What was done, behind one line. */
function Answered({ label, body }: { readonly label: string; readonly body: Ask["body"] }) {
  return (
    <Disclosure className={css("answered")}>
      <h3 className={css("plain")}>
        <AriaButton slot="trigger" className={css("line", "toggle")}>
          <ChevronRight size={14} aria-hidden="true" className={css("chevron")} />
          <span>
            {label} <bdi className={css("name")}>{body.name}</bdi>
          </span>
        </AriaButton>
      </h3>
      <DisclosurePanel>
        <Block label="What it was called with" text={body.arguments} />
        <Block label="What was answered" text={body.output ?? "Nothing"} />
      </DisclosurePanel>
    </Disclosure>
  );
}

function Block({ label, text }: { readonly label: string; readonly text: string }) {
  const id = useId();
  return (
    <>
      <p id={id} className={css("label")}>
        {label}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section className={css("exact")} tabIndex={0} aria-labelledby={id}>
        <pre>{text}</pre>
      </section>
    </>
  );
}
