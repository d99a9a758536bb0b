"""What a statement reads from end to end, as both databases explain it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection, text

from pos.db import Base
from tests.support.demo import plain

SMALL = {
    "book": "one a register",
    "register": "set up once",
    "outlet": "set up once",
    "location": "set up once",
    "setting": "a few dozen",
    "user_account": "the people of the shop",
    "user_device": "the browsers of the shop",
    "user_token": "the programs of the shop",
    "user_board": "what calls and is looked at now",
    "user_throttle": "one a person",
    "product": "the catalogue, which a till loads whole",
    "product_barcode": "the catalogue",
    "product_picture": "the catalogue",
    "product_source": "set up once",
    "product_minimum": "the catalogue",
    "product_permit": "the catalogue",
    "product_category": "a few dozen",
    "discount_preset": "a few dozen",
    "price": "the catalogue, which a till loads whole",
    "payment_task": "what is asked now",
}
"""Tables that may be read from end to end, each with the reason."""
BIG = {table.name for table in Base.metadata.sorted_tables} - SMALL.keys()
PARTIAL = {
    index.name
    for table in Base.metadata.sorted_tables
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
"""Indexes that hold only what is open: they may be read whole."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement with the first parameters it was sent with."""

    sql: str
    values: Any


BESIDE = {
    "refund": (
        "sale s",
        {"kind": "'refund'", "number": "'R' || s.number", "sale_id": "s.id", "register_id": "s.register_id"}
        | {
            "shift_id": "s.shift_id",
            "method": "'cash'",
            "total": "1",
            "restock": "true",
            "at": "s.created_at",
        },
    ),
    "refund_line": (
        "sale_line s WHERE s.position = 0",
        {"refund_id": "'f' || substr(s.sale_id, 2)", "position": "0", "product_id": "s.product_id"}
        | {"sku": "s.sku", "quantity": "1", "total": "1"},
    ),
    "refund_tender": (
        "sale s",
        {"refund_id": "'f' || substr(s.id, 2)", "position": "0", "method": "'cash'", "amount": "1"},
    ),
    "payment": (
        "sale s",
        {"sale_id": "s.id", "provider": "'static'", "status": "'paid'", "amount": "1", "paid_amount": "1"}
        | {"reference": "s.number", "created_at": "s.created_at", "expires_at": "s.created_at"}
        | {"settled_at": "s.created_at"},
    ),
    "payment_refund": (
        "sale s",
        {"payment_id": "'f' || substr(s.id, 2)", "refund_id": "'f' || substr(s.id, 2)", "amount": "1"}
        | {"status": "'done'", "at": "s.created_at"},
    ),
    "held_order": (
        "sale s",
        {"register_id": "s.register_id", "outlet_id": "1", "business_date": "s.business_date"}
        | {"number": "row_number() OVER ()", "kind": "'held'", "status": "'used'", "discount": "0"}
        | {"created_at": "s.created_at", "expires_at": "s.created_at", "ended_at": "s.created_at"}
        | {"sale_id": "s.id"},
    ),
    "held_order_line": (
        "sale_line s WHERE s.position = 0",
        {"order_id": "'f' || substr(s.sale_id, 2)", "position": "0", "product_id": "s.product_id"}
        | {"sku": "s.sku", "quantity": "1", "discount": "0"},
    ),
    "user_login": (
        "sale s",
        {"token_hash": "md5(s.id)", "user_id": "1", "device_id": "row_number() OVER () % 10"}
        | {"created_at": "s.created_at", "seen_at": "s.created_at", "ended_at": "s.created_at"},
    ),
    "tender_correction": (
        "sale s",
        {"sale_id": "s.id", "position": "1", "shift_id": "s.shift_id", "change": "0", "moved": "0"}
        | {"at": "s.created_at"},
    ),
    "corrected_tender": (
        "sale s",
        {"correction_id": "'f' || substr(s.id, 2)", "position": "0", "method": "'cash'", "amount": "1"},
    ),
    "receipt_copy": (
        "sale s",
        {"sale_id": "s.id", "register_id": "s.register_id", "shift_id": "s.shift_id", "number": "1"}
        | {"at": "s.created_at"},
    ),
}
"""Tables that grow beside the sales, and how a row of each is made for a sale; only plans look at them."""


def fill_beside(url: str) -> None:
    """Give PostgreSQL years of refunds, payments, orders and sign-ins to plan by; SQLite plans without."""
    with psycopg.connect(plain(url)) as link:
        link.execute("SET session_replication_role = replica")
        for name, (source, values) in BESIDE.items():
            columns = Base.metadata.tables[name].columns
            texts = {column.name: "''" for column in columns if not column.nullable}
            texts |= {"id": "'f' || substr(s.id, 2)"} if "id" in columns and name != "user_login" else {}
            rows = texts | values
            names = ", ".join(f'"{column}"' for column in rows)
            statement = f"INSERT INTO {name} ({names}) SELECT {', '.join(rows.values())} FROM {source}"
            link.execute(statement.encode())
        link.execute("ANALYZE")


LEAST = 1_000
"""Rows that make a table large."""
LARGE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= :rows"


BROAD = {
    column.name
    for table in Base.metadata.sorted_tables
    for column in table.columns
    for key in column.foreign_keys
    if key.column.table.name in SMALL
}
"""Keys of what is set up once: the rows of one register are an eighth of the shop's, and grow as they do."""
NARROW = {
    ("stock_balance", frozenset({"location_id", "product_id"})): "the lots of a product on one shelf",
    ("stock_balance", frozenset({"location_id"})): "the lots on one shelf: the office asks what expires",
    ("lot", frozenset({"product_id"})): "one a batch, of a product that comes in",
    ("shift", frozenset({"register_id"})): "one a day",
}
"""What is found by such keys alone and still is little."""


def scans(link: Connection, asked: Asked) -> list[str]:
    """Return what a statement reads from end to end of tables that grow, in the database's words."""
    if link.dialect.name == "sqlite":
        rows = link.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.sql}", asked.values).all()
        return _scans_of_file([str(row[3]) for row in rows], asked.sql)
    link.exec_driver_sql("SELECT set_config('enable_seqscan', 'off', true)")
    (plan,) = link.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked.sql}", asked.values).one()
    (top,) = plan if isinstance(plan, list) else json.loads(plan)
    large = set(link.execute(text(LARGE), {"rows": LEAST}).scalars())
    assert BESIDE.keys() <= large
    return _scans_of_server(top["Plan"], large - SMALL.keys(), limited=False)


def _scans_of_file(steps: Sequence[str], sql: str) -> list[str]:
    sorts = any("TEMP B-TREE FOR ORDER BY" in step for step in steps)
    found = []
    for step in steps:
        if " USING INTEGER PRIMARY KEY " in step:
            continue
        match = re.match(r"(?:SCAN|SEARCH) (\S+)(?: USING (?:COVERING )?INDEX (\S+))?(?: \((.+)\))?", step)
        if match is None or _table(match[1]) not in BIG or match[2] in PARTIAL:
            continue
        if step.startswith("SEARCH") and not _is_broad(_table(match[1]), match[3] or ""):
            continue
        if match[2] is None or sorts or " LIMIT " not in sql.replace("\n", " "):
            found.append(step)
    return found


def _is_broad(table: str, terms: str) -> bool:
    """Say whether a table is searched by keys alone that many of its rows share."""
    found = re.findall(r"(\w+)(=|<|>)\?", terms)
    keys = frozenset(column for column, how in found if how == "=")
    return bool(keys) and len(keys) == len(found) and keys <= BROAD and (table, keys) not in NARROW


def _table(alias: str) -> str:
    """The table that a plan names: SQLAlchemy numbers a second look at the same one."""
    return re.sub(r"_\d+$", "", alias.strip('"'))


def _scans_of_server(node: dict[str, Any], large: set[str], *, limited: bool) -> list[str]:
    kind, table = node["Node Type"], node.get("Relation Name", "")
    found = []
    if table in large:
        if kind == "Seq Scan":
            found.append(f"{kind} on {table}")
        unbounded = kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in node
        if unbounded and not limited and node["Index Name"] not in PARTIAL:
            found.append(f"{kind} of all {table} by {node['Index Name']}")
    passes = kind in ("Limit", "LockRows", "Nested Loop", "Subquery Scan", "Result", "Incremental Sort")
    inner = kind == "Limit" or (limited and passes)
    for part in node.get("Plans", ()):
        found += _scans_of_server(part, large, limited=inner)
    return found
