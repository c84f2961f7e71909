import { Suspense, useEffect } from "react";
import { later } from "../later";
import { useClient } from "../state/context";
import { useStore } from "../state/store";
import { developerOf } from "./developer";

const Panel = later(() => import("./Panel"));

/** What goes over the wire, beside the conversation, for those who make servers; nothing while it is closed. */
export function DeveloperView() {
  const developer = developerOf(useClient());
  const open = useStore(developer.state, (state) => state.open);
  useEffect(() => void developer.restore(), [developer]);
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <Panel developer={developer} />
    </Suspense>
  );
}
