"""A web server of map tiles on this computer, which can drop, delay and fail tiles as real ones do."""

import math
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

HALF_WORLD = math.pi * 6378137
ZOOM = 17
TILE_PIXELS = 256
PIXEL = 2 * HALF_WORLD / 2**ZOOM / TILE_PIXELS
KINDS = {".jpg": "image/jpeg", ".png": "image/png"}


class XyzServer:
    """Serves ``folder/{z}/{x}/{y}.jpg`` or ``.png`` as ``/{z}/{x}/{y}``.

    :param dropped: tiles (x, y) that are never there.
    :param fail_first: how often a tile is refused before it is given.
    :param hanging: tiles that are not answered while the server runs.
    :param delay: seconds before each answer.
    """

    def __init__(self, folder, *, dropped=(), fail_first=None, hanging=(), delay=0.0):
        self.folder = Path(folder)
        self.dropped = set(dropped)
        self.fail_first = dict(fail_first or {})
        self.hanging = set(hanging)
        self.delay = delay
        self.requests = Counter()
        # QGIS keeps tiles by address, on disk and beyond a test run; a port can be given twice.
        self.name = uuid4().hex
        self.stopped = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self):
        self._server = _QuietServer(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def source(self):
        """The data source of a QGIS layer of these tiles."""
        host = f"http://127.0.0.1:{self._server.server_port}"
        return f"type=xyz&url={host}/{self.name}/%7Bz%7D/%7Bx%7D/%7By%7D&zmin={ZOOM}&zmax={ZOOM}"

    def answer(self, tile):
        """What is sent for a tile: bytes and their kind, or None."""
        with self._lock:
            self.requests[tile] += 1
            count = self.requests[tile]
        if tile in self.hanging:
            self.stopped.wait()
        self.stopped.wait(self.delay)
        if tile in self.dropped or count <= self.fail_first.get(tile, 0):
            return None
        file = tile_file(self.folder, *tile)
        return (file.read_bytes(), KINDS[file.suffix]) if file else None


def tile_file(folder, x, y):
    """The file of a tile, or None."""
    found = [Path(folder) / str(ZOOM) / str(x) / f"{y}{suffix}" for suffix in KINDS]
    return next((file for file in found if file.is_file()), None)


def tiles_in(folder):
    """All tiles (x, y) that a folder has, sorted."""
    return sorted((int(file.parent.name), int(file.stem)) for file in Path(folder).glob(f"{ZOOM}/*/*.*"))


def tile_extent(x, y):
    """Left, bottom, right, top of a tile in Web Mercator."""
    side = PIXEL * TILE_PIXELS
    left, top = x * side - HALF_WORLD, HALF_WORLD - y * side
    return left, top - side, left + side, top


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that hang up are part of the tests."""


def _handler_of(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            zoom, x, y = (int(part) for part in self.path.strip("/").split("/")[1:])
            found = server.answer((x, y)) if zoom == ZOOM else None
            content, kind = found or (b"", "text/plain")
            self.send_response(200 if found else 503)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    return Handler
