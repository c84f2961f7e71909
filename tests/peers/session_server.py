"""A backend with sessions, as tutorials for ChatKit write it: FastAPI, a table of sessions, a bearer check. Behind it is
the ChatKit server of `chatkit_server.py`.

    KITTIWAKE_PEER_TOKEN=… python session_server.py [PORT]

    POST /api/sessions            {"user": …} -> {"client_secret", "expires_at", "user_id", "domain_key"}; wants the token
    POST /auth/login              {"email": …, "password": <the token>} -> {"access_token": <a JWT>, "token_type"}
    POST /auth/cookie             the same in a cookie, `sid`, with its own end; the page after it is HTML
    POST /api/refresh             {"token": <secret>} -> the same; the old secret is worth nothing then
    POST /chatkit                 the protocol; wants a secret that lives
    POST /debug/mistake/<name>    the next sessions are made with that mistake; `none` ends it
    POST /debug/live/<seconds>    how long the next sessions live
    POST /debug/clock/<seconds>   by how much the clock is ahead of the true time from now on: in `Date`, and in expiries
    POST /debug/expire            no secret lives any more
    GET  /debug/secrets           every secret that was ever given
    GET  /debug/sessions          {"made": …, "refreshed": …, "at": [when each was made, in seconds]}

With KITTIWAKE_PEER_ISSUER the access tokens of that OpenID provider are good for `/api/sessions` and for the protocol, as
long as the provider says that they are.
"""

import json
import os
import secrets
import sqlite3
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Annotated

import jwt
from chatkit_server import build_app, run
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from script import told
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DOMAIN_KEY = "domain_pk_local"


class NewSession(BaseModel):
    user: str = "anonymous"


class Login(BaseModel):
    email: str
    password: str


class Refresh(BaseModel):
    token: str


def known_at_issuer(token: str) -> bool:
    """Whether the identity provider takes an access token (RFC 7662)."""
    issuer = os.environ.get("KITTIWAKE_PEER_ISSUER")
    if not issuer or not token:
        return False
    asked = urllib.parse.urlencode({"token": token, "client_id": "kittiwake"}).encode()
    with urllib.request.urlopen(f"{issuer}/token/introspection", asked, timeout=10) as answer:
        return json.load(answer).get("active") is True


class Sessions:
    """The table of sessions."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:", check_same_thread=False)
        self.db.execute("create table sessions (secret text primary key, user text, expires_at real)")
        self.lifetime = 600.0
        self.ahead = 0.0
        self.at: list[float] = []
        self.mistake = "none"
        self.given: list[str] = []
        self.made = 0
        self.refreshed = 0

    def now(self) -> float:
        """The time by the server's clock, in seconds since 1970 UTC."""
        return time.time() + self.ahead

    def make(self, user: str) -> dict:
        # What a test wants to find again, or not to find, stands behind what is random.
        secret = f"ek_{secrets.token_urlsafe(24)}{os.environ.get('KITTIWAKE_PEER_MARK', '')}"
        self.given.append(secret)
        expires_at = self.now() + self.lifetime
        self.db.execute("insert into sessions values (?, ?, ?)", (secret, user, expires_at))
        self.made += 1
        self.at.append(time.monotonic())
        return {
            "client_secret": secret,
            "expires_at": datetime.fromtimestamp(expires_at, UTC).isoformat(),
            "user_id": user,
            "domain_key": DOMAIN_KEY,
        }

    def sign_in(self, user: str) -> dict:
        """A token that says its own end, as tutorials for logins write it."""
        expires_at = self.now() + self.lifetime
        claims = {"sub": user, "exp": int(expires_at), "jti": secrets.token_urlsafe(8)}
        token = jwt.encode(claims, "a key of this server alone, and long enough", algorithm="HS256")
        self.db.execute("insert into sessions values (?, ?, ?)", (token, user, expires_at))
        self.made += 1
        self.at.append(time.monotonic())
        return {"access_token": token, "token_type": "bearer"}

    def user_of(self, secret: str) -> str | None:
        found = self.db.execute(
            "select user from sessions where secret = ? and expires_at > ?", (secret, self.now())
        ).fetchone()
        return found[0] if found else None

    def drop(self, secret: str) -> None:
        self.db.execute("delete from sessions where secret = ?", (secret,))


def with_mistake(session: dict, mistake: str, now: float) -> Response:
    """What servers get wrong."""
    match mistake:
        case "null":
            session["client_secret"] = None
        case "empty":
            session["client_secret"] = ""
        case "renamed":
            session = {"data": {"chat_token": session.pop("client_secret")}, **session}
        case "past":
            session["expires_at"] = datetime.fromtimestamp(now - 90, UTC).isoformat()
        case "short":
            session["expires_at"] = now + 3
        case "html":
            return HTMLResponse("<!doctype html><title>Sign in</title>")
        case "text":
            return Response(session["client_secret"], media_type="text/plain")
        case "moved":
            return RedirectResponse("https://login.example/sign-in?next=/api/sessions", status_code=307)
        case "method":
            return JSONResponse({"detail": "Method Not Allowed"}, status_code=405)
        case "failing":
            return JSONResponse({"detail": "Internal Server Error"}, status_code=500)
    return JSONResponse(session)


def dated(app: ASGIApp, now: Callable[[], float]) -> ASGIApp:
    """Has every answer say the time by that clock."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"date", formatdate(now(), usegmt=True).encode())]
            await send(message)

        await app(scope, receive, send_dated)

    return serve


def build(token: str) -> ASGIApp:
    sessions = Sessions()
    app = FastAPI()

    def signed_in(authorization: Annotated[str, Header()] = "") -> None:
        right = secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode())
        if not right and not known_at_issuer(authorization.removeprefix("Bearer ")):
            raise HTTPException(status_code=401, detail="Invalid API key")

    @app.post("/api/sessions", dependencies=[Depends(signed_in)])
    def make(request: NewSession) -> Response:
        if sessions.mistake == "revoked":
            raise HTTPException(401, "This token was revoked.")
        if sessions.mistake == "telling":
            return JSONResponse({"detail": f"cannot use {told(token)}"}, status_code=500)
        return with_mistake(sessions.make(request.user), sessions.mistake, sessions.now())

    @app.post("/auth/login")
    def login(request: Login) -> Response:
        if not secrets.compare_digest(request.password.encode(), token.encode()):
            raise HTTPException(401, "Incorrect e-mail or password")
        return JSONResponse(sessions.sign_in(request.email))

    @app.post("/auth/cookie")
    def login_with_cookie(request: Login) -> Response:
        if not secrets.compare_digest(request.password.encode(), token.encode()):
            raise HTTPException(401, "Incorrect e-mail or password")
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            "sid", sessions.sign_in(request.email)["access_token"], max_age=int(sessions.lifetime), httponly=True
        )
        answer.set_cookie("theme", "dark")
        return answer

    @app.post("/api/refresh", dependencies=[Depends(signed_in)])
    def refresh(request: Refresh) -> Response:
        user = sessions.user_of(request.token)
        if user is None:
            raise HTTPException(status_code=401, detail="Session expired")
        sessions.drop(request.token)
        sessions.refreshed += 1
        return JSONResponse(sessions.make(user))

    @app.post("/debug/mistake/{name}")
    def mistake(name: str) -> None:
        sessions.mistake = name

    @app.post("/debug/live/{seconds}")
    def live(seconds: float) -> None:
        sessions.lifetime = seconds

    @app.post("/debug/clock/{ahead}")
    def clock(ahead: float) -> None:
        sessions.ahead = ahead

    @app.post("/debug/expire")
    def expire() -> None:
        sessions.db.execute("update sessions set expires_at = 0")

    @app.get("/debug/secrets")
    def given() -> list[str]:
        return sessions.given

    @app.get("/debug/sessions")
    def count() -> dict:
        return {"made": sessions.made, "refreshed": sessions.refreshed, "at": sessions.at}

    app.mount("/", build_app(lambda secret: sessions.user_of(secret) is not None or known_at_issuer(secret)))
    return dated(app, sessions.now)


if __name__ == "__main__":
    token = os.environ.get("KITTIWAKE_PEER_TOKEN")
    if not token:
        sys.exit("set KITTIWAKE_PEER_TOKEN to the bearer token that clients must send")
    run(build(token), date_header=False)
