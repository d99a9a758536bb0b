"""Measure the running product; tests/bench/README.md says what each figure means."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pos.bench import sale
from pos.bench.figures import Figures, lines
from pos.bench.shops import DISK, Shop, make_shop, scratch
from tests.bench import (
    codes,
    counter,
    crowd,
    growth,
    lookup,
    memory,
    office,
    outage,
    page,
    payments,
    printer,
    screens,
    spool,
    standby,
    start,
)
from tests.bench.bulk import grown_shop, kept
from tests.bench.years import CARTS
from tests.support.postgres import running_cluster

DURABLE = {"shared_buffers": "128MB"}
"""PostgreSQL as a shop runs it: every commit reaches the disk."""


def main(arguments: list[str] | None = None) -> None:
    """Run one measurement, or all of them, and print its figures."""
    asked = _parser().parse_args(arguments)
    chosen = (
        [name for name in COMMANDS if name not in ("growth", "office", "crowd")]
        if asked.what == "all"
        else [asked.what]
    )
    found: Figures = {}
    for name in chosen:
        print(f"measuring {name} …", file=sys.stderr)
        found[name] = COMMANDS[name](asked)
        if not asked.json:
            print("\n".join([name, *lines(found[name], "  ")]), flush=True)
    if asked.json:
        print(json.dumps(found, indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", choices=[*COMMANDS, "all"])
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument(
        "--clients", type=int, default=8, help="tills of the crowd; one till is always measured too"
    )
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="seconds of each measurement of each round"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds, the product and the bare driver in turn"
    )
    parser.add_argument("--hot", action="store_true", help="all tills sell the same three products")
    parser.add_argument(
        "--sales",
        type=int,
        nargs="+",
        help="sales before memory and start look again (10,000), screens (500); growth, office: of each shop",
    )
    parser.add_argument("--products", type=int, default=20_000, help="screens: products that are searched")
    parser.add_argument(
        "--keep", help="growth, office: a folder where grown shops are kept for the next time"
    )
    parser.add_argument(
        "--lines",
        type=int,
        choices=range(1, 6),
        help="growth, office: lines of each earlier sale; else one to five",
    )
    parser.add_argument("--receipts", type=int, help="receipts that are printed: 500, and 1,000 for spool")
    parser.add_argument("--kills", type=int, help="times a server is killed: 50 of kills, 10 of crowd")
    parser.add_argument("--tills", type=int, default=16, help="tills of crowd")
    parser.add_argument("--seed", type=int, default=1, help="what crowd draws its day from")
    parser.add_argument("--folder", default=DISK, help="where throw-away shops are made: the disk to measure")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


@contextmanager
def _cluster(folder: str) -> Iterator[Callable[[str, str], str]]:
    with running_cluster(DURABLE, folder) as cluster:
        yield lambda name, template: cluster.create(name, template or "template0")


def _sale(asked: argparse.Namespace) -> Figures:
    found: Figures = {}
    if asked.database in ("sqlite", "both"):
        with scratch(asked.folder) as folder:
            shop = make_shop(folder, clients=asked.clients, hot=asked.hot)
            recipes = sale.recorded(shop)
            found["sqlite"] = sale.measure(
                shop, sale.copy_of(shop), recipes, seconds=asked.seconds, rounds=asked.rounds
            )
    if asked.database in ("postgresql", "both"):
        with scratch(asked.folder) as folder, _cluster(asked.folder) as create:
            shop = make_shop(folder, create("shop", ""), clients=asked.clients, hot=asked.hot)
            recipes = sale.recorded(shop)
            found["postgresql"] = sale.measure(
                shop, create("bare", "shop"), recipes, seconds=asked.seconds, rounds=asked.rounds
            )
    return found


def _printer(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return printer.measure(make_shop(folder, clients=1), receipts=asked.receipts or 500)


def _spool(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return spool.measure(folder, receipts=asked.receipts or 1_000)


def _kills(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return spool.kills(folder, kills=asked.kills or 50)


def _page(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return page.measure(make_shop(folder, clients=1))


def _screens(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        shop = make_shop(folder, clients=1)
        return screens.measure(shop, sales=_first(asked, 500), products=asked.products)


def _first(asked: argparse.Namespace, default: int) -> int:
    """Return the first of `--sales`, or what is usual here."""
    return int(asked.sales[0]) if asked.sales else default


def _memory(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return memory.measure(make_shop(folder, clients=asked.clients), sales=_first(asked, 10_000))


def _qris(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return counter.measure(make_shop(folder, clients=1), payments=asked.receipts or 50)


def _outage(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return outage.measure(folder)


def _start(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return start.measure(make_shop(folder, clients=asked.clients), sales=_first(asked, 10_000))


def _growth(asked: argparse.Namespace) -> Figures:
    return _of_grown(asked, lambda shops: growth.measure(shops, rounds=asked.rounds))


def _of_grown(asked: argparse.Namespace, measure: Callable[[dict[int, Shop]], Figures]) -> Figures:
    """Measure shops with as many earlier sales as `--sales` says."""
    found: Figures = {}
    carts = (asked.lines,) if asked.lines else CARTS
    sizes = sorted(asked.sales or [10_000])
    if asked.database in ("sqlite", "both"):
        with scratch(asked.folder) as folder:
            place = Path(asked.keep) if asked.keep else folder
            found["sqlite"] = measure({size: kept(place / str(size), size, carts) for size in sizes})
    if asked.database in ("postgresql", "both"):
        with scratch(asked.folder) as folder, _cluster(asked.folder) as create:
            found["postgresql"] = measure(
                {
                    size: grown_shop(folder / str(size), size, create(f"shop_{size}", ""), carts=carts)
                    for size in sizes
                }
            )
    return found


def _lookup(asked: argparse.Namespace) -> Figures:
    with scratch(asked.folder) as folder:
        return lookup.measure(make_shop(folder, clients=1))


def _crowd(asked: argparse.Namespace) -> Figures:
    day = {
        "tills": asked.tills,
        "seconds": asked.seconds,
        "kills": 10 if asked.kills is None else asked.kills,
        "seed": asked.seed,
    }
    found: Figures = {}
    if asked.database in ("sqlite", "both"):
        with scratch(asked.folder) as folder:
            found["sqlite"] = crowd.measure(folder, "", **day)
    if asked.database in ("postgresql", "both"):
        with scratch(asked.folder) as folder, _cluster(asked.folder) as create:
            found["postgresql"] = crowd.measure(folder, create("shop", ""), **day)
    return found


COMMANDS: dict[str, Callable[[argparse.Namespace], Figures]] = {
    "sale": _sale,
    "printer": _printer,
    "spool": _spool,
    "kills": _kills,
    "page": _page,
    "screens": _screens,
    "memory": _memory,
    "start": _start,
    "outage": _outage,
    "growth": _growth,
    "office": lambda asked: _of_grown(asked, office.measure),
    "crowd": _crowd,
    "lookup": _lookup,
    "qris": _qris,
    "payments": lambda asked: payments.measure(asked.folder),
    "codes": lambda _: codes.measure(),
    "standby": lambda asked: standby.measure(asked.folder, seconds=asked.seconds),
    "nation": lambda asked: standby.nation(asked.folder),
}

if __name__ == "__main__":
    main()
