// Keys for one run.

import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

/** The key that the provider signs with, and one of the same name that it does not know. */
export async function keys() {
  const [signing, other] = await Promise.all([make(), make()]);
  return { signing, other };
}

async function make() {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" };
}
