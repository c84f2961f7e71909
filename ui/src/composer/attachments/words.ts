import type { DraftFile } from "../../gen/DraftFile";
import type { FileLimits } from "../../gen/FileLimits";

const UNITS = ["KiB", "MiB", "GiB", "TiB"];

/** A number of bytes, for a person. */
export function size(bytes: number): string {
  let unit = -1;
  let left = bytes;
  while (left >= 1024 && unit < UNITS.length - 1) {
    left /= 1024;
    unit += 1;
  }
  if (unit < 0) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  return `${Math.floor(left * 10) / 10} ${UNITS[unit]}`;
}

/** What the button says of the files that are taken. */
export function limits({ max_count, max_size, accept }: FileLimits): string {
  const kinds = accept.length === 0 ? "" : ` (${accept.join(", ")})`;
  const most = max_count === 1 ? "one" : `up to ${max_count}`;
  return `Add files${kinds}: ${most}, ${size(max_size)} ${max_count === 1 ? "at most" : "each"}`;
}

/** How far a file has come. */
export function progress({ state, size: whole }: DraftFile): string {
  switch (state.type) {
    case "checking":
      return "Waiting";
    case "uploading":
      return whole === 0 ? "Uploading" : `${percent(state.sent, whole)} % of ${size(whole)}`;
    case "ready":
      return whole === 0 ? "Uploaded" : size(whole);
    case "failed":
      return state.failure.message;
  }
}

/** A share in whole percent; all of it only when it is all. */
export function percent(sent: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((Math.min(sent, whole) * 100) / whole);
}

/** Why a message with these files cannot be sent yet; nothing if it can. */
export function waitsFor(files: readonly DraftFile[]): string | null {
  const late = files.filter(({ state }) => state.type === "checking" || state.type === "uploading").length;
  if (late > 0) {
    return late === 1
      ? "You can send this when the file is uploaded."
      : `You can send this when the ${late} files are uploaded.`;
  }
  const failed = files.some(({ state }) => state.type === "failed");
  return failed ? "A file was not uploaded. Remove it or try it again, then send the message." : null;
}
