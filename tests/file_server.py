"""A web server of files on this computer, which keeps what it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Server:
    """A server on this computer, and what it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serve a folder, and keep what is asked for."""

    class Handler(SimpleHTTPRequestHandler):
        def log_request(self, *_):
            server.asked.append(f"{self.command} {self.path}")

        def log_message(self, *_):
            """Not to the tests' output."""

        def do_GET(self):
            first, _, last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
            file = Path(self.translate_path(self.path))
            if not first or not file.is_file():
                super().do_GET()
                return
            content = file.read_bytes()
            part = content[int(first) : int(last) + 1]
            self.send_response(206)
            self.send_header("Content-Length", str(len(part)))
            self.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}")
            self.end_headers()
            self.wfile.write(part)

        do_POST = do_CONNECT = SimpleHTTPRequestHandler.do_HEAD  # noqa: N815

    listening = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    server = Server(f"http://127.0.0.1:{listening.server_address[1]}")
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield server
    listening.shutdown()
    listening.server_close()
