"""The audit trail: the books, newest entry first, each entry in full."""

from flask import Blueprint, render_template, request

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import NotFound
from pos.queries import journal
from pos.web.office import ledger_words

bp = Blueprint("audit", __name__, url_prefix="/audit")

PAGE = 50
MOST_ROWS = 500
"""So many rows of a table are shown of one entry: an import of a large file has thousands."""


@bp.get("/")
def index() -> str:
    """The books of the shop, with the entries of one of them."""
    identity.need(Right.SEE_AUDIT)
    books = journal.books()
    code = request.args.get("book", books[0].code)
    book = next((one for one in books if one.code == code), books[0])
    before = request.args.get("before", "")
    entries, cursor = journal.entries(book.code, int(before) if before.isdecimal() else None, PAGE)
    return render_template(
        "office/audit/list.html",
        books=books,
        book=book,
        entries=entries,
        cursor=cursor,
        kind=ledger_words.kind,
        gist=ledger_words.gist,
    )


@bp.get("/<book>/<int:seq>")
def entry(book: str, seq: int) -> str:
    """One entry: who, when, every row it wrote, and its place in the chain."""
    identity.need(Right.SEE_AUDIT)
    known = next((one for one in journal.books() if one.code == book), None)
    if known is None or seq > known.seq:
        raise NotFound
    found = journal.entry(book, seq)
    return render_template(
        "office/audit/entry.html",
        entry=found,
        book=known,
        kind=ledger_words.kind,
        tables=ledger_words.readable({name: rows[:MOST_ROWS] for name, rows in found.content.items()}),
        more=sum(max(0, len(rows) - MOST_ROWS) for rows in found.content.values()),
    )
