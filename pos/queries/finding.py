"""Finding products by words: every product's text is kept in memory, as of a version of the office's book.

A database reads all rows to find a part of a word, and ten thousand products take it several milliseconds a
word. Every change of a product is an entry of the office's book, so its head says whether what is kept is
still right, in every process and on every machine.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, func, select

from pos.db import db
from pos.models import Book, Entry, Product, ProductBarcode
from pos.statements import Statement

CHANGED = "products_saved"
"""The one kind of entry that changes what is searched."""

_HEAD = Statement(select(Book.id, Book.seq, Book.head).where(Book.code == "OFFICE"))
_SINCE = Statement(
    select(func.count()).where(
        Entry.book_id == bindparam("book"), Entry.seq > bindparam("seq"), Entry.kind == CHANGED
    )
)
_HASH = Statement(select(Entry.hash).where(Entry.book_id == bindparam("book"), Entry.seq == bindparam("seq")))


@dataclass(frozen=True, slots=True)
class _Texts:
    """The text of every product, one behind the other in `text`; one begins where the one before ends.

    As of an entry of the office's book, which its hash names.
    """

    seq: int
    head: str
    ids: Sequence[int]
    ends: Sequence[int]
    text: str

    def with_all(self, first: str, others: Sequence[str]) -> list[int]:
        """Return the keys of products whose text has every word."""
        find, ends, ids = self.text.find, self.ends, self.ids
        found: list[int] = []
        at = find(first)
        while at >= 0:
            n = bisect_right(ends, at)
            begin, end = ends[n - 1] if n else 0, ends[n]
            for word in others:
                if find(word, begin, end) < 0:
                    break
            else:
                found.append(ids[n])
            # On with the next one's text: once is enough.
            at = find(first, end)
        return found


_kept: WeakKeyDictionary[Engine, _Texts] = WeakKeyDictionary()


def matching(words: Sequence[str]) -> list[int]:
    """Return the keys of products that have every word in a name, the SKU or a barcode, whatever the case."""
    known = _current()
    # The longest first: it is likely the rarest.
    wanted = sorted({word.lower() for word in words}, key=len, reverse=True)
    return known.with_all(wanted[0], wanted[1:]) if wanted else list(known.ids)


def _current() -> _Texts:
    engine = db.engine
    row = _HEAD.ask().row()
    if row is None:
        return _Texts(0, "", (), (), "")
    book, seq, head = row
    known = _kept.get(engine)
    if known is None or (known.head != head and not _still_right(known, book)):
        # Read after the head: whatever another till adds meanwhile is found once more by the next one.
        known = _read(seq, head)
        _kept[engine] = known
    elif known.head != head:
        known = replace(known, seq=seq, head=head)
        _kept[engine] = known
    return known


def _still_right(known: _Texts, book: int) -> bool:
    """Say whether the book only went on since, and no product changed; a restored one may be another."""
    mine = _HASH.ask(book=book, seq=known.seq).row()
    changes = _SINCE.ask(book=book, seq=known.seq).row()
    return mine is not None and mine[0] == known.head and changes is not None and not changes[0]


def _read(seq: int, head: str) -> _Texts:
    texts: dict[int, list[str]] = {}
    for key, *words in db.session.execute(select(Product.id, Product.name, Product.name_en, Product.sku)):
        texts[key] = words
    for key, barcode in db.session.execute(select(ProductBarcode.product_id, ProductBarcode.barcode)):
        texts.get(key, []).append(barcode)
    # No word has a line break, so none is found across two fields or two products.
    parts = ["\n".join([*words, ""]).lower() for words in texts.values()]
    return _Texts(seq, head, array("L", texts), array("L", accumulate(map(len, parts))), "".join(parts))
