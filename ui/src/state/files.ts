import type { ConnectionView } from "../gen/ConnectionView";
import type { DraftFile } from "../gen/DraftFile";
import type { DraftFileId } from "../gen/DraftFileId";
import type { DraftFiles } from "../gen/DraftFiles";
import type { FileTarget } from "../gen/FileTarget";
import type { ThreadId } from "../gen/ThreadId";
import type { Host } from "../host/host";
import { Store } from "./store";

/** The largest thing that is pasted, in bytes; the core refuses more. */
const LARGEST_PASTED = 32 * 1024 * 1024;

const NONE: readonly DraftFile[] = [];

/** The files of the message that is being written: in a thread, or to a connection where it begins one. */
export function filesOf(
  all: readonly DraftFiles[],
  open: ThreadId | null,
  connection: ConnectionView | null,
): readonly DraftFile[] {
  const isThere = ({ target }: DraftFiles) =>
    open === null ? target.thread === null && target.connection === connection?.id : target.thread === open;
  return all.find(isThere)?.files ?? NONE;
}

/** The files of all messages after those of one have changed. */
export function withFiles(all: readonly DraftFiles[], changed: DraftFiles): readonly DraftFiles[] {
  const { thread, connection } = changed.target;
  const others = all.filter(
    ({ target }) => target.thread !== thread || (thread === null && target.connection !== connection),
  );
  return changed.files.length === 0 ? others : [...others, changed];
}

/** What this needs to know of the window. */
interface Around {
  readonly host: Host;
  readonly app: Store<{ readonly files: readonly DraftFiles[] }>;
  readonly view: Store<{ readonly open: ThreadId | null }>;
  connection(): ConnectionView | null;
  report(thrown: unknown): void;
}

/** Adds files to the message that is being written. What becomes of them is told with everything outside of threads. */
export class Files {
  /** How many files are held over the window. */
  readonly over = new Store<number>(0);
  readonly #host: Host;
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
    this.#host = around.host;
  }

  /** The files of the message that is being written. */
  ids(): DraftFileId[] {
    const { app, view } = this.#around;
    return filesOf(app.get().files, view.get().open, this.#around.connection()).map(({ id }) => id);
  }

  /** Hears of files that are dragged over the window. */
  async start(): Promise<void> {
    await this.#host.subscribeDrops((dragged) => {
      this.over.set(dragged.type === "over" ? dragged.count : 0);
      if (dragged.type === "dropped") this.#add((target) => this.#host.attachDropped(target, dragged.drop));
    });
  }

  /** The person chooses files in the system's dialog. */
  pick = (): void => this.#add((target) => this.#host.attachPicked(target));

  /** The person has pasted files, or a picture. Where the page was given none of them, the core looks what there is. */
  async paste(files: readonly File[]): Promise<void> {
    const target = this.#target();
    if (target === null) return;
    if (files.length === 0) {
      await this.#host.attachPasted(target).catch(this.#report);
      return;
    }
    for (const file of files) {
      try {
        if (file.size > LARGEST_PASTED) throw tooLarge(file.name);
        await this.#host.attachBytes(target, file.name, new Uint8Array(await file.arrayBuffer()));
      } catch (thrown) {
        this.#report(thrown);
      }
    }
  }

  remove(file: DraftFileId): void {
    this.#host.removeAttachment(file).catch(this.#report);
  }

  retry(file: DraftFileId): void {
    this.#host.retryAttachment(file).catch(this.#report);
  }

  #target(): FileTarget | null {
    const connection = this.#around.connection();
    return connection === null ? null : { connection: connection.id, thread: this.#around.view.get().open };
  }

  readonly #report = (thrown: unknown): void => this.#around.report(thrown);

  #add(add: (target: FileTarget) => Promise<unknown>): void {
    const target = this.#target();
    if (target !== null) add(target).catch(this.#report);
  }
}

function tooLarge(name: string) {
  return { code: "too_large", message: `“${name}” is too large to be pasted. Add it as a file.` };
}
