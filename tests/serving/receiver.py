"""A webhook's receiver: a real HTTP server that keeps what it was told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What was told so far, and the address to tell."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.told: list[dict[str, Any]] = []
        self._news = threading.Condition()

    def keep(self, message: dict[str, Any]) -> None:
        with self._news:
            self.told.append(message)
            self._news.notify_all()

    def wait_for(self, run: str, seconds: float) -> dict[str, Any]:
        """Give the message about a run, by its name; it may take so long to come."""
        with self._news:
            assert self._news.wait_for(lambda: any(each["run"] == run for each in self.told), seconds), self.told
        return next(each for each in self.told if each["run"] == run)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive at a free port as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/json"
            receiver.keep(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
