/** An address in three parts, of which the middle one says who answers there. */
export interface Parted {
  readonly before: string;
  readonly host: string;
  readonly after: string;
}

/** Parts an address at its host, or a mail address at its domain. What cannot be parted is all `before`. */
export function parted(url: string): Parted {
  const whole: Parted = { before: url, host: "", after: "" };
  let host: string;
  try {
    const address = new URL(url);
    host = address.protocol === "mailto:" ? (address.pathname.split("@").at(-1) ?? "") : address.host;
  } catch {
    return whole;
  }
  // What stands before an @ looks like a host and is none: the host is looked for behind it.
  const end = url.slice(url.indexOf(":") + 1).search(/[^/][/?#]/);
  const authority = end < 0 ? url.length : url.indexOf(":") + 1 + end + 1;
  const at = url.toLowerCase().lastIndexOf(host.toLowerCase(), authority);
  if (host === "" || at < 0) return whole;
  return {
    before: url.slice(0, at),
    host: url.slice(at, at + host.length),
    after: url.slice(at + host.length),
  };
}
