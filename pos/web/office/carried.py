"""A file that a page carries from its preview to the second step, where it is imported."""

import base64
import binascii
import zlib

from flask import request

from pos.doors import problems
from pos.errors import N_, PosError
from pos.web.office.form import Form


def packed(data: bytes) -> str:
    """Return a file as the text of a hidden field."""
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def unpacked(text: str, most: int) -> bytes:
    """Return what `packed` packed; nothing for what it did not, and never much more than `most` bytes."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), most + 1)
    except (binascii.Error, ValueError, zlib.error):
        return b""


def limit(most: int) -> None:
    """Let a request carry a file of `most` bytes, as it is or packed. Called before its form is read."""
    request.max_content_length = 2 * most
    request.max_form_memory_size = 2 * most


def sent(form: Form, most: int) -> tuple[bytes, str, str]:
    """Return the file that was chosen or is carried, its packed text when it is carried, and its name.

    Without a file the form has an error at `file`.
    """
    text, name = form.value("packed"), form.value("file_name")
    data = unpacked(text, most)
    if not text and (file := request.files.get("file")):
        data, name = file.read(most + 1), file.filename or ""
        file.close()
    if not data:
        form.wrong("file", N_("Choose a file."))
    return data, text, name


def faults(error: PosError | None) -> list[tuple[str, str, str]]:
    """Return row, column and sentence of each fault in a file."""
    found = []
    for field in problems.field_sentences(error) if error else []:
        row, _, column = field["field"].partition(".")
        found.append((row, column, field["message"]))
    return found
