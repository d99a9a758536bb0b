"""People and programs: `pos user`, `pos token`."""

import click

from pos import clock
from pos.commands.base import echo_json, one_line_errors, shop
from pos.db import transact
from pos.domain.rights import ROLES
from pos.ids import new_pin

PEOPLE = [role for role in ROLES if role != "kiosk"]


@click.group()
def user() -> None:
    """People who sign in with a PIN."""


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(PEOPLE), help="What the person may do.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def user_add(name: str, role: str, as_json: bool) -> None:
    """Add a person called NAME; prints a one-time PIN, shown only now."""
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with shop():
        pin = new_pin()
        pin_hash = people.hash_pin(pin)
        transact(lambda: people.add_user(name, role, pin_hash, SYSTEM, clock.now(), once=True))
    _tell(name.strip(), pin, as_json)


@user.command("reset-pin")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def user_reset_pin(name: str, as_json: bool) -> None:
    """Give the person called NAME a new one-time PIN, shown only now, and forgive wrong tries."""
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with shop():
        pin = new_pin()
        pin_hash = people.hash_pin(pin)

        def change() -> None:
            people.set_pin(people.user_called(name), pin_hash, SYSTEM, clock.now(), once=True)

        transact(change)
    _tell(name.strip(), pin, as_json)


def _tell(name: str, pin: str, as_json: bool) -> None:
    if as_json:
        echo_json({"name": name, "pin": pin})
    else:
        click.echo(f"{name}: one-time PIN, shown only now: {pin}")


@click.group()
def token() -> None:
    """Tokens for programs."""


@token.command("create")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the program may do.")
@click.option("--register", help="The only register it acts at.")
@click.option("--name", default="", help="What it is for.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def token_create(role: str, register: str | None, name: str, as_json: bool) -> None:
    """Make a bearer token for a program; it is shown once."""
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with shop():
        secret = transact(lambda: people.create_token(name, role, register, SYSTEM, clock.now()))
    if as_json:
        echo_json({"token": secret})
    else:
        click.echo(secret)
