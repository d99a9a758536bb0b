"""Reads the vectors that node reads too, and writes QRIS payloads by hand."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pos.domain.qris import crc16

_FOLDER = Path(__file__).resolve().parents[1] / "vectors"


def vectors(name: str) -> Any:
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def seal(fields: Iterable[str]) -> str:
    """Put a right checksum behind fields that need not be right themselves."""
    text = "".join(fields) + "6304"
    return text + crc16(text)
