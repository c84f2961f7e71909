//! Sessions and credentials.

use model::Finding;

use super::About;
use crate::view::Whose;

/// What can be wrong there.
pub const ALL: &[About] = &[
    About {
        finding: Finding::SecretMissing,
        title: "The session has no secret",
        whose: Whose::Server,
        cause: "The session endpoint, or the login, answers with JSON in which there is no secret that requests could \
                carry: the field is absent, empty, or not a text. A login that gives a cookie sets none.",
        remedy: "Have it answer with the secret as a text, as in FastAPI: return {\"client_secret\": session.client_secret, \
                 \"expires_at\": session.expires_at}. Look at what the library returned before: an error is often swallowed \
                 there. Test again afterwards.",
        also: &[
            "client_secret missing",
            "no client secret",
            "empty secret",
            "no token in the answer",
            "cookie not set",
        ],
        ask: &["Why does the session have no secret?"],
    },
    About {
        finding: Finding::SecretNull,
        title: "The secret is null",
        whose: Whose::Server,
        cause: "The session endpoint answers with JSON in which null stands where the secret belongs. Mostly the call that \
                makes the session failed, and its empty result was passed on with status 200.",
        remedy: "Look at the server's log for that call, often one to OpenAI without OPENAI_API_KEY, or with the id of no \
                 workflow. Have the endpoint refuse in that case, as in FastAPI: raise HTTPException(502, \"no session\"). Then \
                 the reason is told here.",
        also: &["client_secret null", "None", "undefined secret", "null token"],
        ask: &["Why is the client secret null?", "My session endpoint returns null. What is wrong?"],
    },
    About {
        finding: Finding::SecretElsewhere,
        title: "The secret stands under another name",
        whose: Whose::Settings,
        cause: "The session endpoint answers with something that looks like a secret, and it stands under another key than \
                the ones that are looked at: client_secret, token, access_token and session_id, or the one in the \
                connection's settings.",
        remedy: "Write where it is into Place of the secret under More settings, such as /data/chat_token; the failure \
                 offers what was found, and one press takes it. Or have the server call it client_secret.",
        also: &[
            "another key",
            "nested secret",
            "JSON pointer",
            "place of the secret",
            "renamed client_secret",
            "mapping",
        ],
        ask: &["How do I say where the secret is in the answer?", "What is the place of the secret?"],
    },
    About {
        finding: Finding::SecretTooLarge,
        title: "The secret is too large",
        whose: Whose::Server,
        cause: "What the session endpoint gives as the secret is longer than 16 KB, or its whole answer is larger than a \
                session can be. No web server takes a header of that size: nginx stops at 8 KB, uvicorn at 64 KB.",
        remedy: "Give out a short secret and keep what belongs to it in a table on the server. If it is a JSON Web Token, \
                 leave profiles, pictures and lists of groups out of its claims. Check that no page or file is returned.",
        also: &[
            "huge token",
            "long secret",
            "header too large",
            "431",
            "big JWT",
            "400 request header or cookie too large",
        ],
        ask: &["How long may a client secret be?", "Why is the secret too large?"],
    },
    About {
        finding: Finding::SessionNotJson,
        title: "The session endpoint does not answer with JSON",
        whose: Whose::Server,
        cause: "The session endpoint, or the login, answers with status 200 and something that is not JSON: a web page, \
                mostly a login page or the front page of an application, a bare text, or nothing.",
        remedy: "Check its address, down to the path: a single-page application answers every unknown path with its front \
                 page. Return an object rather than a text, as in FastAPI: return {\"client_secret\": secret}. A gateway that \
                 shows a login page has to let this path through.",
        also: &["HTML instead of JSON", "login page", "session text/plain", "Unexpected token <", "content type"],
        ask: &["Why does the session endpoint not answer with JSON?"],
    },
    About {
        finding: Finding::SessionNotFound,
        title: "The session endpoint is not there",
        whose: Whose::Settings,
        cause: "The server answers, and has nothing at the path of the session endpoint (404), or does not take the method \
                with which it is asked (405).",
        remedy: "Compare the session endpoint in the connection's settings with the routes of the server, letter by letter, \
                 with prefixes such as /api: FastAPI lists them at /docs. Choose GET or POST under More settings. Behind nginx, \
                 proxy_pass with a slash at its end cuts the prefix off.",
        also: &["session 404", "session 405", "method not allowed", "sessions route", "wrong session path"],
        ask: &["Why is the session endpoint not found?", "Does the session endpoint want GET or POST?"],
    },
    About {
        finding: Finding::SessionFailed,
        title: "The session endpoint fails",
        whose: Whose::Server,
        cause: "The session endpoint answers with a status from 500 up: the code behind it crashed, or a gateway did not \
                reach it. No session is made, and no message can be sent.",
        remedy: "Look at the server's log at that second; there is mostly a traceback. The usual reasons are a missing \
                 environment variable, such as OPENAI_API_KEY, a database that is not there, and a field of the body that \
                 is not sent. After 502 to 504, look whether the server runs at all.",
        also: &["session 500", "internal server error", "502", "503", "504", "session crash", "traceback"],
        ask: &["Why does the session endpoint fail with 500?"],
    },
    About {
        finding: Finding::CredentialsMissing,
        title: "The server wants a token and got none",
        whose: Whose::Settings,
        cause: "The server refuses with 401, and nothing was sent that says who is calling: the connection has no token, no \
                sign-in and no session.",
        remedy: "Get a token from whoever runs the server and put it into the connection's settings, or choose there how to \
                 sign in. If a proxy stands before your server, check that it hands the header on: in nginx, proxy_set_header \
                 Authorization $http_authorization.",
        also: &[
            "401",
            "unauthorized",
            "not authenticated",
            "missing token",
            "no api key",
            "authorization header missing",
        ],
        ask: &["Why does the server say 401 though I gave no token?", "Where do I put the token?"],
    },
    About {
        finding: Finding::CredentialsMalformed,
        title: "The token cannot be read by the server",
        whose: Whose::Settings,
        cause: "The server refuses the token because of its form: it was cut when it was copied, is of another kind, or has \
                something before it, such as the word Bearer. Or the session's secret holds blanks or line breaks, so that \
                it cannot be sent.",
        remedy: "Copy the token again, whole and alone: Bearer is put before it by itself. A JSON Web Token has three parts \
                 with two dots between. A server that makes secrets should use secrets.token_urlsafe and nothing around it.",
        also: &[
            "malformed token",
            "not enough segments",
            "invalid token format",
            "Bearer Bearer",
            "decode error",
            "invalid_request",
        ],
        ask: &["Why can the server not read my token?", "What does malformed token mean?"],
    },
    About {
        finding: Finding::CredentialsExpired,
        title: "The token has expired",
        whose: Whose::Settings,
        cause: "The server refuses a token that was good once: it says so, or the token itself names an end that has \
                passed. Nothing is wrong with the address or the way there.",
        remedy: "Get a new token and put it into the connection's settings, or sign in again. If it should still be good, \
                 compare the clocks of both computers. For tokens that end soon, have the server offer a session endpoint: \
                 sessions are renewed by themselves before they end.",
        also: &["expired token", "exp", "jwt expired", "invalid_token", "token no longer valid", "401 expired"],
        ask: &["What do I do when my token has expired?"],
    },
    About {
        finding: Finding::CredentialsWrongScheme,
        title: "The server wants the token in another way",
        whose: Whose::Settings,
        cause: "A token was sent, and the server wants it elsewhere or with another word before it: in a header of its own, \
                such as X-API-Key, or as Basic rather than Bearer. Its WWW-Authenticate header mostly says which.",
        remedy: "Set Header of the token under More settings as the server wants it. On the server, FastAPI's HTTPBearer and \
                 OAuth2PasswordBearer read Authorization: Bearer; APIKeyHeader(name=\"X-API-Key\") reads that header and nothing \
                 else.",
        also: &["WWW-Authenticate", "Basic", "Bearer", "X-API-Key", "api key header", "wrong scheme", "ApiKey"],
        ask: &["How do I send the token in another header?", "The server wants Basic instead of Bearer. What now?"],
    },
    About {
        finding: Finding::CredentialsRefused,
        title: "The token is not accepted",
        whose: Whose::Settings,
        cause: "The server refuses the token with 401 and does not say why. It may be that of another server or another \
                environment, have been withdrawn, or have a letter too few.",
        remedy: "Copy it again, whole; otherwise get a new one from whoever runs the server. On the server, compare what \
                 arrives with what is expected, and answer with a reason, as in FastAPI: raise HTTPException(401, \"Token \
                 expired\"). What it says is shown here.",
        also: &[
            "401",
            "unauthorized",
            "invalid api key",
            "wrong token",
            "token rejected",
            "invalid credentials",
            "password",
        ],
        ask: &["Why is my token not accepted?"],
    },
    About {
        finding: Finding::SessionEndsAtOnce,
        title: "New sessions end at once",
        whose: Whose::Server,
        cause: "The session endpoint makes a session that lives for less than ten seconds, or that the server itself calls \
                expired with the first request. It would have to be renewed with every message.",
        remedy: "Let sessions live for some minutes, and check the unit: expires_at counts seconds since 1970 UTC, \
                 expires_in counts seconds from now. With more than one worker, keep sessions where all of them look, such as \
                 a database, and not in a variable.",
        also: &["session expires immediately", "short session", "expires_in", "lifetime", "session expired right away"],
        ask: &["Why does my session end at once?", "How long should a session live?"],
    },
    About {
        finding: Finding::SessionInThePast,
        title: "New sessions have ended before they begin",
        whose: Whose::Server,
        cause: "The session endpoint makes a session whose end has already passed by the server's own clock. If it is off \
                by whole hours, a local time was written as if it were UTC.",
        remedy: "Send expires_at in seconds since 1970, as int(time.time()) + 600, or as a time with its zone, as \
                 (datetime.now(UTC) + timedelta(minutes=10)).isoformat(). In Python, datetime.utcnow().timestamp() is off by \
                 the time zone. Check also that no stored session is given out again.",
        also: &["expires_at in the past", "time zone", "utcnow", "expired session", "already expired"],
        ask: &["Why is the end of a new session in the past?"],
    },
    About {
        finding: Finding::ClocksApart,
        title: "The clocks are apart",
        whose: Whose::Computer,
        cause: "The server's clock, as its Date header tells it, and that of this computer differ by a minute or more. The \
                step says by how much, and whose is ahead. Sessions allow for it; tokens with an end of their own, and \
                certificates, may not.",
        remedy: "Let both be set by the network: on Linux, timedatectl set-ntp true; on other systems, in the settings of date \
                 and time. Containers and virtual machines take the clock of what they run on.",
        also: &["clock skew", "time difference", "wrong time", "ntp", "date header", "system clock"],
        ask: &["What does it mean that the clocks are apart?", "How do I set the clock?"],
    },
];
