"""Addresses that a page was handed: only those of this shop are followed."""

from urllib.parse import urlsplit


def inside(target: str) -> str:
    """Return a local address to go on to; empty for anything that leads elsewhere."""
    parts = urlsplit(target)
    local = not parts.scheme and not parts.netloc and target.startswith("/") and "\\" not in target
    return target if local and not target.startswith("//") and target.isprintable() else ""
