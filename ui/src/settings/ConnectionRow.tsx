import { Ellipsis, Pencil, RefreshCw, ShieldAlert, Trash2 } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { Detail, PageButton } from "../failure/FailureCard";
import { stateWords } from "../failure/words";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import overlay from "../overlay/Overlay.module.css";
import { moreOf, settingsIn } from "../state/client";
import { useClient, useView } from "../state/context";
import { mapped } from "../state/mapping";
import { shownState } from "../state/standing";
import { AllowedTools } from "./AllowedTools";
import { Bringer, useSay } from "./Bringer";
import { Check } from "./Check";
import styles from "./Connections.module.css";
import { Latency } from "./Latency";
import { LockedNote, useLocked } from "./Locked";
import { Session } from "./Session";
import { SignedIn, useSignOut } from "./SignedIn";
import { Sure } from "./Sure";

const css = classes(styles);
const over = classes(overlay);

interface Props {
  readonly connection: ConnectionView;
  readonly onEdit: () => void;
  /** Absent where no connection can be added. */
  readonly onDuplicate: (() => void) | undefined;
  /** Moves it by so many places; absent where it can go no further. */
  readonly onUp: (() => void) | undefined;
  readonly onDown: (() => void) | undefined;
  readonly onRemoved: () => void;
}

/** One connection: how it is, and what can be done with it. */
export function ConnectionRow(props: Props) {
  const { connection, onEdit, onRemoved } = props;
  const client = useClient();
  const bin = useRef<HTMLButtonElement>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const test = useRef<HTMLButtonElement>(null);
  // Which test is shown; each is one of its own.
  const [tested, setTested] = useState<number | null>(null);
  const away = useRef(false);
  const [removing, setRemoving] = useState(false);
  const { sign_in, session } = connection;
  const { left, signOut } = useSignOut(connection, setFailure);
  const state = shownState(connection);
  const say = useSay("connections", connection.id);
  const note = useId();

  function begin() {
    away.current = state.type !== "online";
    setTested((number) => (number ?? 0) + 1);
  }
  useWanted(connection.id, begin);

  function remove() {
    setFailure(null);
    client.host
      .removeConnection(connection.id)
      .then(onRemoved, (thrown: unknown) => setFailure(asFailure(thrown)));
  }

  return (
    <li className={css("row", connection.disabled && "off")}>
      <div className={css("words")}>
        <p className={css("name")}>{connection.name}</p>
        <p className={css("address")}>{connection.builtin ? "Built into Kittiwake" : connection.address}</p>
        <Bringer list="connections" id={connection.id} noteId={note} />
        {connection.disabled ? (
          <p className={css("state")}>Switched off</p>
        ) : (
          <p className={css("state")}>
            <StateDot state={state.type} />
            {stateWords(state)}
          </p>
        )}
        {connection.cautions.map((caution) => (
          <p key={caution} className={css("caution")}>
            <ShieldAlert size={14} aria-hidden="true" />
            {caution}
          </p>
        ))}
        <div role="status">{left !== null && <p className={css("left")}>{left}</p>}</div>
        {sign_in !== null && !connection.disabled && (
          <SignedIn connection={connection} signIn={sign_in} told={left !== null} onEdit={onEdit} />
        )}
        {session !== null && !connection.disabled && <Session session={session} />}
        <AllowedTools connection={connection} onFailed={setFailure} />
        {state.type === "failing" && tested === null && !connection.disabled && (
          <div className={css("why")}>
            {!isSaid(connection, state.failure) && <p>{state.failure.message}</p>}
            <PageButton failure={state.failure} />
            {state.failure.detail && <Detail text={state.failure.detail} />}
          </div>
        )}
        {failure !== null && (
          <p className={css("wrong")} role="alert">
            {failure.message}
          </p>
        )}
        {removing && (
          <Sure
            className={css("sure")}
            label={`Remove ${connection.name}?`}
            onYes={remove}
            onKeep={() => {
              bin.current?.focus();
              setRemoving(false);
            }}
          >
            {connection.keeps_threads
              ? "Remove this connection, its token, and the copies of its conversations on this computer? What the server has stored stays there."
              : "Remove this connection, its token, and its conversations? They are on this computer alone, and cannot be brought back."}
          </Sure>
        )}
      </div>
      <div className={css("tools")}>
        {!connection.disabled && (
          <IconButton ref={test} label={`Test ${connection.name}`} onPress={begin}>
            <RefreshCw size={16} />
          </IconButton>
        )}
        {!connection.builtin && (
          <>
            <IconButton
              label={`Edit ${connection.name}`}
              isDisabled={say.isAsItIs}
              {...(say.isAsItIs ? { "aria-describedby": note } : {})}
              onPress={onEdit}
            >
              <Pencil size={16} />
            </IconButton>
            <IconButton
              ref={bin}
              label={`Remove ${connection.name}`}
              isDisabled={say.stays}
              {...(say.stays ? { "aria-describedby": note } : {})}
              onPress={() => setRemoving(true)}
            >
              <Trash2 size={16} />
            </IconButton>
            <More {...props} onFailed={setFailure} onSignOut={signOut} />
          </>
        )}
      </div>
      <div className={css("wide")}>
        <Latency connection={connection.id} name={connection.name} />
      </div>
      {tested !== null && !connection.disabled && (
        <div className={css("wide")}>
          <Check
            key={tested}
            name={connection.name}
            canLeave
            start={(receive) => client.host.testConnection(connection.id, receive)}
            // Its conversations may not have been listed so far.
            onWorks={() => {
              if (away.current) client.checkConnection(connection.id);
              away.current = false;
            }}
            onMapping={(field, pointer) => mapped(client, connection.id, field, pointer)}
            onClose={() => {
              setTested(null);
              test.current?.focus();
            }}
          />
        </div>
      )}
    </li>
  );
}

/** Begins the test that the settings were opened for, if they were, and once. */
function useWanted(id: ConnectionId, begin: () => void): void {
  const client = useClient();
  const isWanted = useView((view) => settingsIn(view)?.test === id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time that the settings are opened
  useEffect(() => {
    if (!isWanted) return;
    begin();
    client.overlay({ kind: "settings", section: "connections" });
  }, [isWanted]);
}

/** Whether the words of a failure stand at the sign-in already. */
function isSaid({ sign_in }: ConnectionView, { message }: Failure): boolean {
  const phase = sign_in?.session.phase;
  return phase?.type === "signed_out" && phase.failure.message === message;
}

function More({
  connection,
  onDuplicate,
  onUp,
  onDown,
  onFailed,
  onSignOut,
}: Props & {
  readonly onFailed: (failure: Failure) => void;
  /** Absent where there is nothing to sign out of. */
  readonly onSignOut: (() => Promise<void>) | undefined;
}) {
  const client = useClient();
  const { isSwitchFixed } = useSay("connections", connection.id);
  const isListFixed = useLocked("connections");
  const isFixed = useLocked("connections", connection.id, "disabled") || isListFixed;
  const note = useId();
  async function exportOne() {
    try {
      const path = await client.host.exportConnection(connection.id);
      if (path !== null) client.toasts.say({ text: `Exported to ${path}. No token is in it.` });
    } catch (thrown) {
      onFailed(asFailure(thrown));
    }
  }
  function act(action: string) {
    if (action === "duplicate") onDuplicate?.();
    else if (action === "export") void exportOne();
    else if (action === "sign_out") void onSignOut?.();
    else if (action === "up") onUp?.();
    else if (action === "down") onDown?.();
    else
      client.host
        .disableConnection(connection.id, !connection.disabled)
        .catch((thrown: unknown) => onFailed(asFailure(thrown)));
  }
  return (
    <MenuTrigger>
      <IconButton id={moreOf(connection.id)} label={`More for ${connection.name}`}>
        <Ellipsis size={16} />
      </IconButton>
      <Popover className={over("popover")} placement="bottom end" offset={4}>
        <Menu
          className={over("menu")}
          aria-label="Connection"
          {...(isFixed ? { "aria-describedby": note } : {})}
          onAction={(action) => act(String(action))}
        >
          <MenuItem id="duplicate" className={over("choice")} isDisabled={onDuplicate === undefined}>
            Duplicate
          </MenuItem>
          <MenuItem id="export" className={over("choice")}>
            Export…
          </MenuItem>
          <MenuItem id="up" className={over("choice")} isDisabled={onUp === undefined}>
            Move up
          </MenuItem>
          <MenuItem id="down" className={over("choice")} isDisabled={onDown === undefined}>
            Move down
          </MenuItem>
          {onSignOut !== undefined && (
            <MenuItem id="sign_out" className={over("choice")}>
              Sign out
            </MenuItem>
          )}
          <MenuItem id="switch" className={over("choice")} isDisabled={isSwitchFixed}>
            {connection.disabled ? "Switch on" : "Switch off"}
          </MenuItem>
        </Menu>
        {isFixed && (
          <div className={css("menuNote")}>
            <LockedNote id={note} />
          </div>
        )}
      </Popover>
    </MenuTrigger>
  );
}
