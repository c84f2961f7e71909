// What a provider can do wrong, done on purpose to the answers of a provider that is right.

import { createHash } from "node:crypto";
import { SignJWT, decodeJwt, importJWK } from "jose";

/** Spoils an answer. */
export async function spoil(mistake, context, keys) {
  if (context.path === "/token" && context.status === 200) {
    await spoilTokens(mistake, context, keys);
  }
  if (context.path === "/.well-known/openid-configuration" && mistake === "html-discovery") {
    page(context);
  }
}

async function spoilTokens(mistake, context, { issuer, signing, other }) {
  const body = { ...context.body };
  const again = async (changes, key = signing) => {
    context.body = { ...body, id_token: await sign({ ...decodeJwt(body.id_token), ...changes }, key) };
  };
  switch (mistake) {
    case "html":
      return page(context);
    case "broken":
      context.type = "application/json";
      context.body = '{"access_token": "half-a-tok';
      return;
    case "mac":
      context.body = { ...body, token_type: "mac" };
      return;
    case "no-id-token":
      context.body = { ...body, id_token: undefined };
      return;
    case "nonce":
      return again({ nonce: "another" });
    case "signature":
      return again({}, other);
    case "audience":
      return again({ aud: "somebody-else" });
    case "issuer":
      return again({ iss: `${issuer}/other` });
    case "expired":
      return again({ iat: 1000, exp: 2000 });
    case "right-hash":
      return again({ at_hash: half(body.access_token) });
    case "token":
      return again({ at_hash: half("that-of-somebody-else") });
    case "unsigned":
      context.body = { ...body, id_token: unsigned(decodeJwt(body.id_token)) };
      return;
  }
}

function page(context) {
  context.type = "text/html; charset=utf-8";
  context.body = "<!doctype html><title>Sign in</title><script>alert(1)</script>";
}

async function sign(claims, key) {
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "one" }).sign(await importJWK(key, "RS256"));
}

/** What an ID token says of the access token that belongs to it. */
function half(token) {
  return createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url");
}

function unsigned(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}
