"""How fast this machine sells: `pos bench`."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos.commands.base import echo_json, one_line_errors
from pos.settings import load

if TYPE_CHECKING:
    from pos.bench.figures import Figures

ROUNDS = 3
"""The product and the bare driver take turns, so that a disk that slows down slows both."""
DISK = "/var/tmp"  # noqa: S108 - a folder of a random name is made in it
ROWS = (
    ("sales a second", "sales_a_second"),
    ("median ms", "median_ms"),
    ("99th percentile ms", "p99_ms"),
    ("slowest ms", "slowest_ms"),
    ("fewest to mean of a client", "fewest_to_mean"),
    ("processor ms a sale", "server_cpu_ms_a_sale"),
)
RATIOS = {"sales_a_second": "rate", "median_ms": "median", "p99_ms": "p99"}


@click.command()
@click.option(
    "--clients", type=click.IntRange(1, 64), default=8, show_default=True, help="Tills that sell at once."
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 3_600),
    default=6.0,
    show_default=True,
    help="Of selling in each measurement.",
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=DISK,
    show_default=True,
    help="On the disk that is to be measured.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def bench(clients: int, seconds: float, folder: Path, as_json: bool) -> None:
    """Measure how fast this machine sells, in a throw-away shop; beside it, what its database alone can do.

    Sells three-line cash sales through a `pos serve` of its own, with one client and with --clients, and in
    turns carries out the same statements on the bare database driver. With a PostgreSQL in the settings the
    shop is a database made beside yours on that server, else a SQLite file in --folder. Your own shop is not
    touched, but while this runs its machine is busy.
    """
    settings = load()
    url = settings.database_url if settings.database_url.startswith("postgresql") else ""
    with _ended_by_a_signal():
        try:
            found = _measured(url, folder, clients, seconds)
        except (RuntimeError, TimeoutError) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0]
            raise click.ClickException(f"The measurement could not be made: {first}") from error
    if as_json:
        echo_json(found)
    else:
        _say(found)
    if wrong := sum(part["errors"] for part in _parts(found).values()):
        first = next(part["first_error"] for part in _parts(found).values() if "first_error" in part)
        raise click.ClickException(f"{wrong} sales were refused, so the figures don't count: {first[-300:]}")


def _measured(url: str, folder: Path, clients: int, seconds: float) -> "Figures":
    from pos.bench.databases import CannotMake, beside

    if url:
        try:
            with beside(url) as create:
                return _run(folder, clients, seconds, create)
        except CannotMake as error:
            reason = f"No database could be made beside yours ({error}); SQLite is measured instead."
            click.echo(reason, err=True)
            return {**_run(folder, clients, seconds), "instead_of_postgresql": str(error)}
    return _run(folder, clients, seconds)


def _run(folder: Path, clients: int, seconds: float, create: Any = None) -> "Figures":
    from pos.bench import sale
    from pos.bench.shops import make_shop, scratch

    with scratch(str(folder)) as place:
        shop = make_shop(place, create("") if create else "", clients=clients)
        recipes = sale.recorded(shop)
        copy = create(shop.database_url) if create else sale.copy_of(shop)
        found = sale.measure(shop, copy, recipes, seconds=seconds / ROUNDS, rounds=ROUNDS)
    return {
        "database": "postgresql" if create else "sqlite",
        "processors": os.cpu_count(),
        "clients": clients,
        "seconds": seconds,
        **found,
    }


def _parts(found: "Figures") -> dict[str, Any]:
    return {name: part for name, part in found.items() if name.startswith("clients_")}


def _say(found: "Figures") -> None:
    """Print a table a number of clients: through the product, on the bare driver, and the ratio."""
    sent = found["statements_a_sale"]["sent"]
    click.echo(
        f"{found['database']}, {found['processors']} processors, {sent} statements a sale, "
        f"{found['seconds']:g} seconds each."
    )
    for name, part in _parts(found).items():
        count = int(name.removeprefix("clients_"))
        click.echo(f"\n{count} client{'' if count == 1 else 's'}{'':18}pos serve   bare driver   ratio")
        for label, key in ROWS:
            ours, bare = part["http"].get(key, ""), part["bare"].get(key, "")
            ratio = part["ratio"].get(RATIOS.get(key, ""), "")
            click.echo(f"  {label:26}{ours:>10}{bare:>14}{ratio:>8}".rstrip())
    if found["database"] == "sqlite" and found["clients"] > 1:
        # Its writers take turns: alone it is at its best, while each of several tills waits for the others.
        click.echo("\nThe bare driver is one connection throughout; of several clients compare the rate.")


@contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """Let SIGTERM end us as Ctrl-C does: the server is stopped, folder and databases are removed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
