"""A file that a page carries from its preview to the second step, where it is imported."""

import base64
import binascii
import zlib


def packed(data: bytes) -> str:
    """Return a file as the text of a hidden field."""
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def unpacked(text: str, most: int) -> bytes:
    """Return what `packed` packed; nothing for what it did not, and never much more than `most` bytes."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), most + 1)
    except (binascii.Error, ValueError, zlib.error):
        return b""
