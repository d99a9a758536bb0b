"""Files of the screens at addresses that change when any of them changes.

A page names `/static/<build>/css/base.css`; the build is a hash over everything in `pos/static`, so a browser
may keep a file for ever and still never mixes two versions. Text is compressed once and kept: the till has a
budget.
"""

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

from pos.queries import products

ROOT = Path(__file__).resolve().parent.parent / "static"
TEXT = {".css", ".js", ".svg", ".json", ".txt"}
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".ogg": "audio/ogg",
}
WORTH_IT = 2048
"""Bytes below which compressing an answer costs more than it saves."""
_COMMENT = re.compile(rb"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)$", re.MULTILINE)
FOR_EVER = "public, max-age=31536000, immutable"

bp = Blueprint("assets", __name__)


@cache
def files() -> dict[str, Path]:
    """All files by the names they are asked for with: no other name reaches the disk."""
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*")) if path.is_file()}


@cache
def build() -> str:
    """The hash that stands in every address: names and contents of all files."""
    digest = hashlib.sha256()
    for name, path in files().items():
        digest.update(name.encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


@bp.app_template_global()
def static_url(path: str) -> str:
    """The address of a file in `pos/static`, such as `css/base.css`."""
    return f"/static/{build()}/{path}"


@bp.app_template_global()
def modules(folder: str, later: tuple[str, ...] = ()) -> list[str]:
    """Addresses of the scripts in a folder, so that a page can ask for all of them at once.

    Those named in `later` are left out: the page fetches them itself when it is ready.
    """
    paths = sorted((ROOT / folder).glob("*.js"))
    return [static_url(f"{folder}/{path.name}") for path in paths if path.stem not in later]


@cache
def _compressed(path: Path) -> bytes:
    """The gzip of a file, made once for the life of the process; of scripts without their comments."""
    content = path.read_bytes()
    return gzip.compress(without_comments(content) if path.suffix == ".js" else content, 9, mtime=0)


def without_comments(script: bytes) -> bytes:
    """A script without the comments that have lines to themselves; every other line keeps its number."""
    return _COMMENT.sub(lambda found: b"\n" * found.group().count(b"\n"), script)


@bp.after_app_request
def squeeze(answer: Response) -> Response:
    """Compress pages and long lists: the products of a large shop are megabytes otherwise."""
    if (
        (answer.content_length or 0) >= WORTH_IT
        and answer.mimetype in ("text/html", "application/json")
        and not answer.is_streamed
        and "Content-Encoding" not in answer.headers
        and request.accept_encodings["gzip"] > 0
    ):
        answer.set_data(gzip.compress(answer.get_data(), 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers.add("Vary", "Accept-Encoding")
    return answer


@bp.get("/static/<asked>/<path:name>")
def file(asked: str, name: str) -> Response:
    """One file. An address of another build still answers, but is not kept."""
    path = files().get(name)
    if path is None:
        abort(404)
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = path.suffix in TEXT and request.accept_encodings["gzip"] > 0
    answer = Response(_compressed(path) if packed else path.read_bytes(), content_type=kind)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    if path.suffix in TEXT:
        answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = FOR_EVER if asked == build() else "no-cache"
    return answer


@bp.get("/pictures/<digest>/<path:sku>")
def picture(digest: str, sku: str) -> Response:
    """A product's picture; its address names its contents, so it may be kept for ever."""
    found = products.picture(sku)
    if found is None or not found[2].startswith(digest):
        abort(404)
    answer = Response(found[1], content_type=found[0])
    answer.headers["Cache-Control"] = FOR_EVER
    # A picture is somebody's upload: as a document of its own it may do nothing.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'none'; sandbox"
    return answer
