"""Servers that make one mistake each with sessions or credentials, each below a path of its own that names the mistake.

    KITTIWAKE_PEER_TOKEN=… python mistakes_session.py [PORT]

    POST /<mistake>/api/chatkit/session  a session, for whoever carries the token:
        good               {"client_secret", "expires_at"}
        secret-missing     without it             secret-empty       it is ""
        secret-null        it is null             secret-elsewhere   {"data": {"chat_token": …}, …}
        secret-too-large   20,000 characters      secret-unsendable  with the word Bearer before it
        session-html       a login page           session-text       the secret alone
        session-failed     a crash                session-short      lives for three seconds
        session-past       ended two hours ago    session-forgotten  /chatkit calls it expired
    POST /<mistake>/chatkit              the protocol: good, secret-elsewhere and session-forgotten have it; others refuse
        bearer             whoever sends no Authorization: Bearer, as FastAPI does
        basic              whoever sends no Authorization: Basic
        key                whoever sends no X-API-Key
        header             the same with 422
        jwt                whoever sends no JSON Web Token of this server, and says why
        silent             everybody, without a word
        refused            everybody, with “Invalid API key”
        moved              nobody: it points to a login page

    GET  /debug/token/<seconds>          a JSON Web Token of this server that ends in so many seconds
"""

import os
import secrets
import sys
import time
from typing import Annotated

import jwt
from chatkit_server import build_app, run
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.security import APIKeyHeader, HTTPBasic, HTTPBearer
from script import Scripted

KEY = "a key of this server alone, and long enough"

GIVEN: set[str] = set()

Authorization = Annotated[str, Header()]


def session(mistake: str) -> Response:
    secret = f"ek_{secrets.token_urlsafe(24)}"
    if mistake != "session-forgotten":
        GIVEN.add(secret)
    made = {"client_secret": secret, "expires_at": int(time.time()) + 600}
    match mistake:
        case "secret-missing":
            del made["client_secret"]
        case "secret-empty":
            made["client_secret"] = ""
        case "secret-null":
            made["client_secret"] = None
        case "secret-elsewhere":
            made = {"data": {"chat_token": made.pop("client_secret")}, **made}
        case "secret-too-large":
            made["client_secret"] = "x" * 20_000
        case "secret-unsendable":
            made["client_secret"] = f"Bearer {secret}"
        case "session-html":
            return HTMLResponse("<!doctype html><title>Sign in</title>")
        case "session-text":
            return PlainTextResponse(secret)
        case "session-failed":
            raise Scripted("the database is not there")
        case "session-short":
            made["expires_at"] = int(time.time()) + 3
        case "session-past":
            made["expires_at"] = int(time.time()) - 7200
    return JSONResponse(made)


def read_token(authorization: Authorization = "") -> None:
    """Tells why a token is not taken, as RFC 6750 has it."""
    try:
        jwt.decode(authorization.removeprefix("Bearer "), KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        challenge = f'Bearer realm="peer", error="invalid_token", error_description="{error}"'
        raise HTTPException(401, "Not let in", headers={"WWW-Authenticate": challenge}) from error


def build(token: str) -> FastAPI:
    app = FastAPI()

    @app.post("/{mistake}/api/chatkit/session")
    def make(mistake: str, authorization: Authorization = "") -> Response:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "Invalid API key", headers={"WWW-Authenticate": "Bearer"})
        return session(mistake)

    @app.post("/bearer/chatkit", dependencies=[Depends(HTTPBearer())])
    @app.post("/basic/chatkit", dependencies=[Depends(HTTPBasic())])
    @app.post("/key/chatkit", dependencies=[Depends(APIKeyHeader(name="X-API-Key"))])
    @app.post("/jwt/chatkit", dependencies=[Depends(read_token)])
    def let_in() -> dict:
        return {"data": [], "has_more": False}

    @app.post("/header/chatkit")
    def wants_header(x_api_key: Annotated[str, Header()]) -> dict:
        return {"data": [], "has_more": False}

    @app.post("/silent/chatkit")
    def silent() -> Response:
        return Response(status_code=401)

    @app.post("/refused/chatkit")
    def refused() -> Response:
        return JSONResponse({"detail": "Invalid API key"}, status_code=401)

    @app.post("/moved/chatkit")
    def moved() -> Response:
        return RedirectResponse("https://login.example/sign-in", status_code=302)

    @app.post("/session-forgotten/chatkit")
    def forgotten() -> Response:
        return JSONResponse({"detail": "Session expired"}, status_code=401)

    @app.get("/debug/token/{seconds}")
    def token_for(seconds: float) -> str:
        return jwt.encode({"sub": "ann", "exp": int(time.time() + seconds)}, KEY, algorithm="HS256")

    for path in ("/good", "/secret-elsewhere"):
        app.mount(path, build_app(lambda given: given in GIVEN or given == token))
    return app


if __name__ == "__main__":
    token = os.environ.get("KITTIWAKE_PEER_TOKEN")
    if not token:
        sys.exit("set KITTIWAKE_PEER_TOKEN to the bearer token that clients must send")
    run(build(token))
