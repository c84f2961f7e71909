// The pages at which the account of the tests signs in and agrees: one form with one button each.

/** Who signs in. The name is one that a page or a terminal must not take for markup. */
export const ACCOUNT = { name: "Ann Example", email: "ann@example.org", email_verified: true };

/** Shows the form, or acts on it. */
export async function interaction(provider, request, response) {
  const asked = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    const [title, other] = asked.prompt.name === "login" ? ["Sign in as Ann", ""] : ["Agree", button("refuse", "Refuse")];
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>${title}</title>
<form method="post" action="/interaction/${asked.uid}"><input type="hidden" name="sign" value="yes">
<button id="go">${title}</button></form>${other}`);
    return;
  }
  await provider.interactionFinished(request, response, await answer(provider, asked, await read(request)), {
    mergeWithLastSubmission: true,
  });
}

function button(name, title) {
  return `<form method="post"><input type="hidden" name="${name}" value="yes"><button>${title}</button></form>`;
}

async function answer(provider, asked, form) {
  if (form.has("refuse")) {
    return { error: "access_denied", error_description: "Ann <b>refused</b>" };
  }
  if (asked.prompt.name === "login") {
    return { login: { accountId: "ann" } };
  }
  const { missingOIDCScope, missingResourceScopes } = asked.prompt.details;
  const grant = asked.grantId
    ? await provider.Grant.find(asked.grantId)
    : new provider.Grant({ accountId: asked.session.accountId, clientId: asked.params.client_id });
  if (missingOIDCScope) {
    grant.addOIDCScope(missingOIDCScope.join(" "));
  }
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(" "));
  }
  return { consent: { grantId: await grant.save() } };
}

async function read(request) {
  let text = "";
  for await (const piece of request) {
    text += piece;
  }
  return new URLSearchParams(text);
}
