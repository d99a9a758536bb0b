"""The audit trail: the books, newest entry first, each entry in full."""

from datetime import time

from flask import Blueprint, Response, render_template, request

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_, NotFound
from pos.queries import journal
from pos.queries.journal import EntryView
from pos.queries.payments_office import Day
from pos.web.office import ledger_words, lists, show
from pos.web.office.act_words import KINDS
from pos.web.office.sales import day_argument

bp = Blueprint("audit", __name__, url_prefix="/audit")

PAGE = 50
COLUMNS: tuple[lists.Column[EntryView], ...] = (
    (N_("Book"), lambda entry: entry.book),
    (N_("Entry"), lambda entry: entry.seq),
    (N_("When"), lambda entry: show.at(entry.at)),
    (N_("What"), lambda entry: ledger_words.kind(entry.kind)),
    (N_("Details"), ledger_words.gist),
    (N_("Who"), lambda entry: entry.actor["name"]),
    (N_("Approved by"), lambda entry: entry.actor.get("approver") or ""),
    (N_("Hash"), lambda entry: entry.hash),
)
MOST_ROWS = 500
"""So many rows of a table are shown of one entry: an import of a large file has thousands."""


@bp.get("/")
def index() -> Response | str:
    """The books of the shop, with the entries of one of them."""
    identity.need(Right.SEE_AUDIT)
    books = journal.books()
    code = request.args.get("book", books[0].code)
    book = next((one for one in books if one.code == code), books[0])
    kind, on = lists.asked("kind", KINDS), day_argument("to")
    start = None
    if on is not None:
        start = journal.seq_until(book.code, Day.of(on, show.zone(), time(0)).until)

    def fetch(cursor: str | None, limit: int) -> tuple[list[EntryView], int | None]:
        before = start if cursor is None else int(cursor)
        return journal.entries(book.code, before, limit, kind=kind, words=lists.typed())

    if lists.file_asked():
        return lists.send(N_("Audit trail"), COLUMNS, fetch)
    entries, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/audit/list.html",
        books=books,
        book=book,
        entries=entries,
        cursor=cursor,
        kind=ledger_words.kind,
        gist=ledger_words.gist,
        wanted=kind,
        on=on,
        searched=bool(kind or lists.typed()),
        looked_at=journal.LOOKED_AT,
        kinds=sorted(((name, ledger_words.kind(name)) for name in KINDS), key=lambda one: one[1]),
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
