import { useEffect } from "react";
import type { ItemId } from "../../gen/ItemId";
import { useClient } from "../../state/context";

/** The place of an item whose content is not in the page. Being drawn means being near the view: then it is fetched. */
export function Away({ id, height }: { readonly id: ItemId; readonly height: number }) {
  const client = useClient();
  useEffect(() => {
    void client.thread.bring(id);
  }, [client, id]);
  return <div style={{ height }} />;
}
