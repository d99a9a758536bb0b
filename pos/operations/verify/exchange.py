"""Files of outlets: numbers without a gap, and each file kept as it was when it was made or taken in."""

import zlib
from hashlib import sha256
from typing import Any, TypeAlias

from sqlalchemy import Connection, select

from pos.models import ExchangeFile
from pos.operations.verify.findings import EntryView, Findings, Series

Row: TypeAlias = dict[str, Any]


class Exchange:
    """What the office's book says of files so far."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._series = Series(findings)
        self._files: dict[str, tuple[EntryView, str]] = {}

    def add(self, entry: EntryView) -> None:
        """Take in one entry."""
        for row in entry.rows.get("exchange_file", ()):
            series = (row["link_id"], row["kind"])
            self._series.take(entry, series, f"exchange_file {row['id']}", row["number"])
            self._files[row["id"]] = (entry, row["sha256"])

    def finish(self, connection: Connection) -> None:
        """Hold every kept file against its digest: the next file begins where the last one says it ended."""
        for file_id, (entry, digest) in self._files.items():
            data = connection.execute(
                select(ExchangeFile.data).where(ExchangeFile.id == file_id)
            ).scalar_one_or_none()
            if data is not None and not _is(data, digest):
                self._findings.at(entry, f"exchange_file {file_id}: another file is kept than the books say")


def _is(data: bytes, digest: str) -> bool:
    try:
        return sha256(zlib.decompress(data)).hexdigest() == digest
    except zlib.error:
        return False
