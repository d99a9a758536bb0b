"""Files between a shop and an outlet of it that sells cut off: `pos exchange`."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos import clock
from pos.commands.base import echo_json, one_line_errors, shop
from pos.db import transact
from pos.ids import new_id
from pos.operations.journal import Replayed, Request

if TYPE_CHECKING:
    from pos.operations.exchange_goods import DeliveryPlan
    from pos.operations.exchange_import import SettlementPlan

MOST_LISTED = 200


@click.group()
def exchange() -> None:
    """Deliver to an outlet that sells cut off with its own shop, and settle with it, by files."""


def _fresh(*words: str) -> Request:
    return Request(new_id(), sha256(" ".join(words).encode()).hexdigest())


@exchange.command("link")
@click.argument("partner")
@one_line_errors
def link(partner: str) -> None:
    """At the main shop: print the code that links the outlet PARTNER. A new one ends the one before it."""
    from pos.operations import exchange as operations
    from pos.operations.actor import SYSTEM

    with shop():
        transact(lambda: operations.link_outlet(partner, SYSTEM, clock.now(), _fresh("link", partner)))
        click.echo(operations.link_code_of(partner))
    click.echo(
        "Type it at the outlet: pos exchange join CODE. Whoever has it can write such files.", err=True
    )


@exchange.command("join")
@click.argument("code")
@click.option("--location", default="GUDANG", show_default=True, help="Where the main shop's goods will lie.")
@click.option("--name", default="Pusat", show_default=True, help="How you call the main shop.")
@one_line_errors
def join(code: str, location: str, name: str) -> None:
    """At the outlet: link this shop to the main one whose CODE this is."""
    from pos.operations import exchange as operations
    from pos.operations.actor import SYSTEM

    with shop():
        transact(lambda: operations.join(code, location, name, SYSTEM, clock.now(), _fresh("join", location)))
    click.echo(f"Linked to {name}. Its goods will lie at {location}; unsold ones go back to PUSAT.")


@exchange.command("deliver")
@click.argument("partner")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=".", help="Folder.")
@one_line_errors
def deliver(partner: str, folder: Path) -> None:
    """At the main shop: write the next delivery file for PARTNER: goods sent since, all products, prices."""
    from pos.operations import exchange_goods
    from pos.operations.actor import SYSTEM

    request = _fresh("deliver", partner)
    with shop():
        transact(lambda: exchange_goods.write(partner, SYSTEM, clock.now(), request))
        _write_out(request.id, folder)


@exchange.command("settle")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=".", help="Folder.")
@one_line_errors
def settle(folder: Path) -> None:
    """At the outlet: write the next settlement file: sold, lost, counted and on hand since the last one."""
    from pos.operations import exchange_settle
    from pos.operations.actor import SYSTEM

    request = _fresh("settle")
    with shop():
        transact(lambda: exchange_settle.write(SYSTEM, clock.now(), request))
        _write_out(request.id, folder)


def _write_out(file_id: str, folder: Path) -> None:
    from pos.operations import exchange as operations

    data, name = operations.again(file_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    click.echo(str(folder / name))


@exchange.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def list_files(as_json: bool) -> None:
    """List the files that were made and taken in, newest first."""
    from pos.queries.exchange import files

    with shop():
        found, _ = files(None, MOST_LISTED)
    if as_json:
        echo_json({"items": found})
        return
    for one in found:
        click.echo(f"{one['id']}  {one['name']}  {one['pieces']} pcs  {one['at']}  {one['by']}")


@exchange.command("again")
@click.argument("file_id")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=".", help="Folder.")
@one_line_errors
def again(file_id: str, folder: Path) -> None:
    """Write a file once more that was lost on its way; `pos exchange list` shows their ids."""
    with shop():
        _write_out(file_id, folder)


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@exchange.command("receive")
@click.argument("file", type=FILE)
@click.option("--arrived", multiple=True, metavar="SKU/LOT=N", help="Of this lot another number arrived.")
@click.option("--dry-run", is_flag=True, help="Say what the file would do; change nothing.")
@one_line_errors
def receive(file: Path, arrived: Sequence[str], dry_run: bool) -> None:
    """At the outlet: take the delivery FILE in, all or nothing; the same file twice does nothing."""
    from pos.operations import exchange_goods
    from pos.operations.actor import SYSTEM

    data, at = file.read_bytes(), clock.now()
    counted = dict(_count(text) for text in arrived)
    with shop():
        request = _of(data, "outlet", "delivery")
        if not _known(request):
            _say_delivery(exchange_goods.plan(data, at))
        if not dry_run:
            _once(lambda: exchange_goods.receive(data, counted, SYSTEM, at, request))


def _count(text: str) -> tuple[tuple[str, str], int]:
    lot, _, number = text.rpartition("=")
    sku, _, code = lot.partition("/")
    if not sku or not number.isdigit():
        raise click.BadParameter(f"{text}: type it like KTO-100/LOT-1=18", param_hint="--arrived")
    return (sku, code), int(number)


def _say_delivery(plan: "DeliveryPlan") -> None:
    click.echo(
        f"{plan.pieces} pieces, {plan.new} new products, {plan.changed} changed, {len(plan.prices)} prices."
    )
    for line in plan.lines:
        click.echo(f"  {line['note']}  {line['sku']} {line['lot']}: {line['quantity']}")
    for price in plan.prices:
        click.echo(f"  {price['sku']}: {price['old']} -> {price['new']}")


@exchange.command("import")
@click.argument("file", type=FILE)
@click.option("--back-to", default="GUDANG", show_default=True, help="Where goods go that come back unsold.")
@click.option("--dry-run", is_flag=True, help="Say what the file would do; change nothing.")
@one_line_errors
def import_file(file: Path, back_to: str, dry_run: bool) -> None:
    """At the main shop: book the settlement FILE of an outlet, all or nothing, with its differences shown."""
    from pos.operations import exchange_import
    from pos.operations.actor import SYSTEM

    data, at = file.read_bytes(), clock.now()
    with shop():
        request = _of(data, "main", "settlement")
        if not _known(request):
            _say_settlement(exchange_import.plan(data, at))
        if not dry_run:
            _once(lambda: exchange_import.carry_out(data, back_to, SYSTEM, at, request))


def _say_settlement(plan: "SettlementPlan") -> None:
    for line in plan.sold:
        click.echo(f"  {line['sku']}: {line['quantity']} sold, {line['gross']}")
    click.echo(f"{plan.pieces} pieces at agreed prices: {plan.gross}. Net of its Z reports: {plan.z_net}.")
    for line in plan.short:
        click.echo(f"  {line['sku']} {line['lot']}: {line['sent']} sent, {line['arrived']} arrived")
    for line in plan.changes:
        click.echo(f"  {line['sku']} {line['lot']}: {line['quantity']:+d} {line['reason']}")
    for line in plan.returned:
        click.echo(f"  {line['sku']} {line['lot']}: {line['quantity']} come back")
    for one in plan.differences:
        click.echo(f"  {one.sku} {one.lot}: {one.theirs} lie there, {one.ours} by our books")


def _of(data: bytes, side: str, kind: str) -> Request:
    """Return the request of a file that is taken in: its own id, so that it counts once."""
    from pos.operations import exchange as operations

    taken = operations.read(data, side, kind)
    return Request(str(taken.body["id"]), taken.digest)


def _known(request: Request) -> bool:
    from pos.operations.journal import refuse_replay

    try:
        refuse_replay(request)
    except Replayed:
        return True
    return False


def _once(work: Any) -> None:
    try:
        transact(work)
    except Replayed:
        click.echo("This file was taken in before. Nothing was changed.")
    else:
        click.echo("Done.")
