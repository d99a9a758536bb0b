"""PostgreSQL databases for a measurement: made beside the shop's on the same server, dropped at the end."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

CONNECT_WITHIN = 10
"""Seconds."""


class CannotMake(Exception):
    """The server makes no database for us; the text says why."""


@contextmanager
def beside(url: str) -> Iterator[Callable[[str], str]]:
    """Give a function that makes a database, a copy of `template` if it names one, and returns its address.

    Raises CannotMake at once when the server or its role refuses; the shop's own database is only connected
    to, to ask. Whatever was made is dropped, with those still connected to it cut off.
    """
    address = make_url(url)
    made: list[str] = []
    try:
        link = psycopg.connect(
            address.set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
            connect_timeout=CONNECT_WITHIN,
        )
    except psycopg.Error as error:
        raise CannotMake(_first_line(error)) from error

    def create(template: str) -> str:
        name = f"karya_bench_{secrets.token_hex(6)}"
        source = make_url(template).database if template else "template0"
        link.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(str(source))
            )
        )
        made.append(name)
        return address.set(database=name).render_as_string(hide_password=False)

    with link:
        try:
            # Asked with an empty one, so that a refusal comes before any work.
            create("")
        except psycopg.Error as error:
            raise CannotMake(_first_line(error)) from error
        try:
            yield create
        finally:
            for name in reversed(made):
                link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _first_line(error: psycopg.Error) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
