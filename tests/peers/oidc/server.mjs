// An OpenID provider to test against: oidc-provider with PKCE, rotation of refresh tokens, device codes and revocation.
//
// It prints `READY <port>` and ends with its standard input. Environment: KITTIWAKE_OIDC_TTL is how long access tokens
// live, in seconds. `POST /debug/mistake/NAME` has it make a mistake from then on (`mistakes.mjs`), `wait` has it hold back
// the answers of its token endpoint, `none` ends both; `POST /debug/forget` is an administrator who ends every sign-in;
// `POST /debug/expire` ends every access token; `POST /debug/requests` tells how often what was asked, `POST /debug/given` every code and token.

import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { ACCOUNT, interaction } from "./pages.mjs";
import { keys } from "./keys.mjs";
import { spoil } from "./mistakes.mjs";

const ttl = Number(process.env.KITTIWAKE_OIDC_TTL ?? 600);
const { signing, other } = await keys();
const state = { mistake: "none", open: () => {}, requests: {}, grants: new Set(), access: new Set(), given: new Set() };

const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

/** What the loopback client of a desktop program is: public, with PKCE, on whatever port is free. */
const native = {
  application_type: "native",
  token_endpoint_auth_method: "none",
  redirect_uris: ["http://127.0.0.1/callback"],
  grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
};

const provider = new Provider(issuer, {
  clients: [
    { ...native, client_id: "kittiwake" },
    {
      ...native,
      client_id: "kittiwake-secret",
      client_secret: "a-secret-of-the-client",
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  jwks: { keys: [signing] },
  cookies: { keys: ["only-for-tests"] },
  pkce: { required: () => true },
  scopes: ["openid", "offline_access", "profile", "email", "chat"],
  claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
  // Claims for display stand in the ID token, as most providers have it.
  conformIdTokenClaims: false,
  rotateRefreshToken: true,
  ttl: { AccessToken: ttl, IdToken: 600, AuthorizationCode: 60, DeviceCode: 60, RefreshToken: 3600, Grant: 3600, Session: 3600, Interaction: 600 },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...ACCOUNT }) }),
  interactions: { url: (_context, asked) => `/interaction/${asked.uid}` },
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    revocation: { enabled: true, allowedPolicy: () => true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => ({
        scope: "chat",
        audience: resource,
        accessTokenTTL: ttl,
        accessTokenFormat: "jwt",
      }),
    },
  },
});

provider.on("grant.success", (context) => state.grants.add(context.oidc.entities.Grant?.jti));
provider.on("access_token.saved", (token) => state.access.add(token));
for (const kind of ["access_token", "refresh_token", "authorization_code"]) {
  provider.on(`${kind}.saved`, (token) => state.given.add(token.jti));
}
provider.use(async (context, next) => {
  state.requests[context.path] = (state.requests[context.path] ?? 0) + 1;
  await next();
  if (context.path === "/token" && state.mistake === "wait") {
    await new Promise((open) => (state.open = open));
  }
  await spoil(state.mistake, context, { issuer, signing, other });
});

async function debug(request, response) {
  const [, , what, name] = request.url.split("/");
  let body = {};
  if (what === "mistake") {
    state.mistake = name;
    state.open();
  } else if (what === "forget") {
    for (const grant of state.grants) {
      await (await provider.Grant.find(grant))?.destroy();
      await provider.RefreshToken.adapter.revokeByGrantId(grant);
      await provider.AccessToken.adapter.revokeByGrantId(grant);
    }
  } else if (what === "expire") {
    for (const token of state.access) {
      await token.destroy();
    }
  } else if (what === "given") {
    body = [...state.given];
  } else if (what === "requests") {
    body = state.requests;
  } else {
    response.statusCode = 404;
  }
  response.setHeader("content-type", "application/json").end(JSON.stringify(body));
}

const provide = provider.callback();
server.on("request", (request, response) => {
  const answer = request.url.startsWith("/debug/")
    ? debug(request, response)
    : request.url.startsWith("/interaction/")
      ? interaction(provider, request, response)
      : provide(request, response);
  Promise.resolve(answer).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end("failed");
  });
});

process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.write(`READY ${server.address().port}\n`);
