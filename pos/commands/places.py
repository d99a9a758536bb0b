"""Outlets and registers: `pos outlet`, `pos register`."""

import click

from pos import clock
from pos.commands.base import echo_json, one_line_errors, shop
from pos.db import transact


@click.group()
def outlet() -> None:
    """Places where the shop sells."""


@outlet.command("add")
@click.argument("code")
@click.option("--name", default="", help="Name on receipts; default: the code.")
@click.option("--address", default="", help="Address on receipts.")
@click.option("--location", default="GUDANG", show_default=True, help="Where the goods it sells lie.")
@click.option("--time-zone", default="Asia/Jakarta", show_default=True, help="IANA time zone.")
@click.option("--cut-off", default="00:00", show_default=True, help="HH:MM; before it belongs to yesterday.")
@one_line_errors
def outlet_add(code: str, name: str, address: str, location: str, time_zone: str, cut_off: str) -> None:
    """Add the outlet CODE, for example KUNJUNGAN."""
    from pos.operations import catalogue
    from pos.operations.actor import SYSTEM

    with shop():
        transact(
            lambda: catalogue.add_outlet(
                code,
                name,
                location,
                SYSTEM,
                clock.now(),
                address=address,
                time_zone=time_zone,
                cut_off=cut_off,
            )
        )
    click.echo(f"Outlet {code} is ready. Add a register: pos register add CODE --outlet {code}")


@click.group()
def register() -> None:
    """Devices that sell."""


@register.command("add")
@click.argument("code")
@click.option("--outlet", "outlet_code", required=True, help="Code of the outlet it stands in.")
@click.option("--kind", type=click.Choice(["till", "kiosk"]), default="till", show_default=True)
@click.option("--name", default="", help="Name people see; default: the code.")
@one_line_errors
def register_add(code: str, outlet_code: str, kind: str, name: str) -> None:
    """Add the register CODE, for example K1: it begins every receipt number and can't change."""
    from pos.operations import catalogue
    from pos.operations.actor import SYSTEM

    with shop():
        transact(lambda: catalogue.add_register(code, name, outlet_code, kind, SYSTEM, clock.now()))
    click.echo(f"Register {code} is ready. Enrol its browser: pos register enrol {code}")


@register.command("enrol")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def register_enrol(code: str, as_json: bool) -> None:
    """Print a one-time code that makes a new browser the register CODE; good for a day."""
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with shop():
        secret = transact(lambda: people.create_enrolment(code, SYSTEM, clock.now()))
    if as_json:
        echo_json({"register": code, "code": secret})
    else:
        click.echo(secret)
        click.echo(f"Open the till's address in the browser of {code} and type this code.", err=True)
