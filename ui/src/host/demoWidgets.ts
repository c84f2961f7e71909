import type { ConnectionId } from "../gen/ConnectionId";
import type { ItemView } from "../gen/ItemView";
import { GALLERY } from "../widgets/gallery";
import type { FakeCore } from "./fake";
import { plainMessage } from "./fakeMessage";

/** A conversation that holds every component of a widget: the gallery, example by example. */
export function demoWidgets(core: FakeCore, connection: ConnectionId): void {
  const items = GALLERY.flatMap(({ name, root }, index): ItemView[] => [
    {
      id: `ask-${index}`,
      stage: "done",
      body: plainMessage(name),
    },
    {
      id: `widget-${index}`,
      stage: "done",
      body: { kind: "widget", root, hints: [], copy_text: `The example “${name}”` },
    },
  ]);
  core.addThread({ id: "gallery", title: "Widgets, one by one", updated_at: core.now, connection }, items);
}
