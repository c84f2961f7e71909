import { Send } from "lucide-react";
import { useContext } from "react";
import { Text } from "react-aria-components";
import { classes } from "../../design/classes";
import type { ConnectionView } from "../../gen/ConnectionView";
import { ClientContext, useConnection } from "../../state/context";
import { useAnswering } from "../../thread/useAnswering";
import styles from "./fields.module.css";

const css = classes(styles);

/** Says to whom a secret goes, so that a server cannot ask for one as if it were Kittiwake. */
export function GoesTo() {
  // Where a widget is drawn outside a window, no connection is known.
  const client = useContext(ClientContext);
  return (
    <Text slot="description" className={css("goes")} data-testid="goes-to">
      <Send size={12} aria-hidden="true" />
      <span>{client === null ? <Unnamed /> : <Known />}</span>
    </Text>
  );
}

function Known() {
  const connection = useConnection();
  return connection === null ? <Unnamed /> : <Named connection={connection} />;
}

/** A route is many servers; the one that answers gets it. */
function Named({ connection }: { readonly connection: ConnectionView }) {
  const answering = useAnswering(connection);
  return <>This goes to the server of “{answering?.name ?? connection.name}”</>;
}

function Unnamed() {
  return <>This goes to the server of this conversation</>;
}
