"""LiteLLM's proxy as it is, to test against: an OpenAI-compatible server with both of OpenAI's protocols.

There is no language model behind it: what it answers stands in `litellm.yaml`.

    KITTIWAKE_PEER_TOKEN=… python litellm_proxy.py

It takes a free port. The line `READY <port>` on standard output comes when it answers. With `KITTIWAKE_PEER_UNTIL_EOF` set
it ends when its standard input does, so that it never outlives a killed test. It wants an environment of its own,
`litellm-requirements.txt`.
"""

import asyncio
import os
import socket
import sys
import threading
from pathlib import Path


class Announced:
    """Tells of the port once requests are answered, since loading takes its time."""

    def __init__(self, server, port: int, out) -> None:
        self.server, self.port, self.out = server, port, out

    async def serve(self, listener: socket.socket) -> None:
        serving = asyncio.create_task(self.server.serve(sockets=[listener]))
        while not self.server.started and not serving.done():
            await asyncio.sleep(0.05)
        print(f"READY {self.port}", file=self.out, flush=True)
        # From now on it tells at length of each failure, and these are what it is asked for.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        await serving


def end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    token = os.environ.get("KITTIWAKE_PEER_TOKEN")
    if not token:
        sys.exit("set KITTIWAKE_PEER_TOKEN to the key that clients must send")
    if os.environ.get("KITTIWAKE_PEER_UNTIL_EOF"):
        threading.Thread(target=end_with_stdin, daemon=True).start()
    # What it prints of itself is not for whoever waits for the port.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    port = listener.getsockname()[1]
    os.environ.update(
        CONFIG_FILE_PATH=str(Path(__file__).with_name("litellm.yaml")),
        KITTIWAKE_PEER_BASE=f"http://127.0.0.1:{port}/v1",
        LITELLM_MASTER_KEY=token,
        # The list of prices is in the package; nothing is fetched.
        LITELLM_LOCAL_MODEL_COST_MAP="True",
        LITELLM_LOG="ERROR",
    )
    # It reads the environment while it is imported.
    import uvicorn
    from litellm.proxy.proxy_server import app

    config = uvicorn.Config(app, log_level="warning", loop="asyncio", timeout_graceful_shutdown=1)
    asyncio.run(Announced(uvicorn.Server(config), port, out).serve(listener))


if __name__ == "__main__":
    main()
