import type { AttachmentView } from "../gen/AttachmentView";
import type { DraftFile } from "../gen/DraftFile";
import type { DraftFileId } from "../gen/DraftFileId";
import type { DraftFileState } from "../gen/DraftFileState";
import type { DraftFiles } from "../gen/DraftFiles";
import type { Dragged } from "../gen/Dragged";
import type { FileTarget } from "../gen/FileTarget";
import { withFiles } from "../state/files";
import type { Args, FakeCore } from "./fake";
import { FakeSubscriptions } from "./fakeCheck";

/** The files of messages that were not sent yet. A test says which the person chooses, and how far each has come. */
export class FakeFiles {
  readonly drags = new FakeSubscriptions<Dragged>(3_000_000);
  /** What the person chooses in the dialog, and what they let go. */
  chosen: readonly string[] = [];
  /** The pictures that the core shows small. */
  readonly previews = new Map<string, ArrayBuffer>();
  readonly #core: FakeCore;
  #drafts: readonly DraftFiles[] = [];

  constructor(core: FakeCore) {
    this.#core = core;
  }

  all(): DraftFiles[] {
    return structuredClone([...this.#drafts]);
  }

  /** A file comes further. */
  move(name: string, state: DraftFileState, about: Partial<DraftFile> = {}): void {
    for (const draft of this.all()) {
      const files = draft.files.map((file) => (file.name === name ? { ...file, ...about, state } : file));
      this.#put({ ...draft, files });
    }
  }

  /** The files that leave with a message. */
  leave({ connection, thread }: FileTarget, ids: readonly DraftFileId[]): AttachmentView[] {
    const target = thread === null ? { connection, thread } : { connection: "", thread };
    const gone = this.#of(target).filter((file) => ids.includes(file.id));
    this.#put({ target, files: this.#of(target).filter((file) => !ids.includes(file.id)) });
    return gone.map(({ id, name, mime_type }) => {
      return { id, name, mime_type, is_image: mime_type.startsWith("image/"), preview_url: null };
    });
  }

  commands(): Readonly<Record<string, (args: Args) => unknown>> {
    return {
      attach_picked: ({ target }) => this.#add(target as FileTarget, this.chosen),
      attach_dropped: ({ target }) => this.#add(target as FileTarget, this.chosen),
      attach_pasted: ({ target }) => this.#add(target as FileTarget, this.chosen),
      attach_bytes: (args) => {
        const text = (name: string) => decodeURIComponent(String(args[`kittiwake-${name}`]));
        const thread = "kittiwake-thread" in args ? text("thread") : null;
        return this.#add({ connection: text("connection"), thread }, [text("name")])[0];
      },
      remove_attachment: ({ file }) => {
        for (const { target, files } of this.all()) {
          this.#put({ target, files: files.filter(({ id }) => id !== file) });
        }
      },
      retry_attachment: ({ file }) => {
        const found = this.all()
          .flatMap(({ files }) => files)
          .find(({ id }) => id === file);
        if (found !== undefined) this.move(found.name, { type: "checking" });
      },
      attachment_preview: ({ file }) => {
        const found = this.#drafts.flatMap(({ files }) => files).find(({ id }) => id === file);
        return this.previews.get(found?.name ?? "") ?? new ArrayBuffer(0);
      },
      subscribe_drops: ({ channel }) => this.drags.begin(channel as (dragged: Dragged) => void),
    };
  }

  #add({ connection, thread }: FileTarget, names: readonly string[]): DraftFile[] {
    const target = thread === null ? { connection, thread } : { connection: "", thread };
    const added = names.map<DraftFile>((name) => ({
      id: this.#core.name("file"),
      name,
      mime_type: "",
      size: 0,
      state: { type: "checking" },
    }));
    this.#put({ target, files: [...this.#of(target), ...added] });
    return added;
  }

  #of(target: FileTarget): DraftFile[] {
    const isIt = (draft: DraftFiles) =>
      draft.target.thread === target.thread && draft.target.connection === target.connection;
    return this.all().find(isIt)?.files ?? [];
  }

  #put(files: DraftFiles): void {
    this.#drafts = withFiles(this.#drafts, files);
    this.#core.toApp({ type: "files", files });
  }
}
