"""What happened is never edited: triggers that refuse it, one list for both databases.

A migration that rebuilds a table on SQLite drops its triggers silently, so it ends by calling `create_all`
with the list again.
"""

from collections.abc import Iterator

NEVER_CHANGED = (
    "entry",
    "movement",
    "sale_line",
    "tender",
    "reservation",
    "cash_event",
    "cash_count",
    "z_report",
    "refund",
    "refund_line",
    "refund_tender",
    "receipt_copy",
    "stock_paper",
    "price",
    "held_order_line",
    "held_order_reservation",
    "settlement_file",
    "stock_transfer_line",
    "stock_count_frozen",
    "stock_count_tally",
    "stock_count_result",
    "price_partner",
    "consignment_delivery",
    "consignment_sale_line",
    "consignment_return",
    "consignment_return_line",
    "exchange_file",
    "exchange_goods",
    "tender_correction",
    "corrected_tender",
    "sale_note",
    "held_order_note",
)
"""Tables whose rows are only ever added."""

GUARDED = {
    "sale": "= 'completed'",
    "shift": "= 'closed'",
    "held_order": "<> 'open'",
    "stock_transfer": "= 'received'",
    "stock_count": "<> 'open'",
    "consignment_sale": "= 'reversed'",
}
"""Tables whose rows may change until their status is such, and are never deleted."""

FIRST = "0003"
SINCE = {
    **dict.fromkeys(("held_order", "held_order_line", "held_order_reservation"), "0005"),
    "settlement_file": "0006",
    **dict.fromkeys(("stock_transfer", "stock_transfer_line", "stock_count"), "0007"),
    **dict.fromkeys(("stock_count_frozen", "stock_count_tally", "stock_count_result"), "0007"),
    **dict.fromkeys(("price_partner", "consignment_delivery", "consignment_sale"), "0009"),
    **dict.fromkeys(("consignment_sale_line", "consignment_return", "consignment_return_line"), "0009"),
    **dict.fromkeys(("exchange_file", "exchange_goods"), "0010"),
    **dict.fromkeys(("tender_correction", "corrected_tender"), "0013"),
    **dict.fromkeys(("sale_note", "held_order_note"), "0014"),
}
"""Revision that made a table, when it is a later one than the first with triggers."""


def statements(dialect: str, revision: str | None = None) -> Iterator[str]:
    """Yield the statements that create all triggers on `sqlite` or `postgresql`, or those of the tables that
    one revision made.
    """
    if dialect == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION karya_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME; END $$"
        )
    for table in NEVER_CHANGED:
        if revision in (None, SINCE.get(table, FIRST)):
            for event in ("UPDATE", "DELETE"):
                yield _trigger(dialect, table, event, None)
    for table, status in GUARDED.items():
        if revision in (None, SINCE.get(table, FIRST)):
            yield _trigger(dialect, table, "DELETE", None)
            yield _trigger(dialect, table, "UPDATE", status)


def names() -> list[tuple[str, str]]:
    """Return (trigger, table) of all triggers."""
    tables = [*NEVER_CHANGED, *GUARDED]
    return [(f"tr_{table}_{event.lower()}", table) for table in tables for event in ("UPDATE", "DELETE")]


def drop_statements(dialect: str) -> Iterator[str]:
    """Yield the statements that drop all triggers, for a migration that must rebuild a table."""
    for name, table in names():
        yield f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if dialect == "postgresql" else "")


def _trigger(dialect: str, table: str, event: str, status: str | None) -> str:
    name = f"tr_{table}_{event.lower()}"
    when = f" WHEN (OLD.status {status})" if status else ""
    if dialect == "postgresql":
        each = f"FOR EACH ROW{when} EXECUTE FUNCTION karya_refuse()"
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} {each}"
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is never changed or deleted'); END"
    )
