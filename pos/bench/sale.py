"""Sales a second over HTTP beside the bare driver doing the same statements, in rounds of one run."""

import shutil
from statistics import median

from pos.bench.bare import Recipe, record, sell_bare
from pos.bench.figures import Figures, milliseconds, percentile, processor_seconds
from pos.bench.load import Sold, sell
from pos.bench.shops import Shop

WARM_UP = 1.0


def measure(shop: Shop, bare_url: str, recipes: list[Recipe], *, seconds: float, rounds: int) -> Figures:
    """Sell with one client and with all, each round beside the bare driver on a copy of the database.

    On SQLite the bare driver is always one connection: writers only take turns, and alone it is at its best.
    """
    counts = sorted({1, len(shop.registers)})
    http: dict[int, list[Sold]] = {count: [] for count in counts}
    bare: dict[int, list[Sold]] = {count: [] for count in counts}
    spent: dict[int, float] = dict.fromkeys(counts, 0.0)
    done = [0] * len(recipes)
    with shop.serving() as server:
        sell(shop.registers, server.port, min(WARM_UP, seconds))
        for _ in range(rounds):
            for count in counts:
                before = processor_seconds(server.process.pid)
                http[count].append(sell(shop.registers[:count], server.port, seconds))
                spent[count] += processor_seconds(server.process.pid) - before
                connections = count if shop.database_url else 1
                bare[count].append(sell_bare(bare_url, recipes[:connections], done, seconds))
    statements = sum(len(step.rows) for step in recipes[0])
    return {
        "statements_a_sale": {"sent": len(recipes[0]), "rows": statements},
        **{f"clients_{count}": _figures(http[count], bare[count], spent[count]) for count in counts},
    }


def _figures(http: list[Sold], bare: list[Sold], spent: float) -> Figures:
    sold, replayed = [t for part in http for t in part.times], [t for part in bare for t in part.times]
    errors = [error for part in (*http, *bare) for error in part.errors]
    if not sold or not replayed:
        raise RuntimeError(f"nothing was sold: {errors[:1]}")
    per_client = [sum(counts) for counts in zip(*(part.per_client for part in http), strict=True)]
    pairs = list(zip(http, bare, strict=True))
    return {
        "http": {
            "sales_a_second": round(median(_rate(part) for part in http), 1),
            **milliseconds(sold),
            "fewest_to_mean": round(min(per_client) * len(per_client) / sum(per_client), 2),
            "server_cpu_ms_a_sale": round(spent * 1000 / len(sold), 2),
        },
        "bare": {"sales_a_second": round(median(_rate(part) for part in bare), 1), **milliseconds(replayed)},
        "ratio": {
            "rate": round(median(_rate(ours) / _rate(raw) for ours, raw in pairs), 3),
            "median": round(median(median(ours.times) / median(raw.times) for ours, raw in pairs), 2),
            "p99": round(
                median(percentile(ours.times, 0.99) / percentile(raw.times, 0.99) for ours, raw in pairs), 2
            ),
        },
        "errors": len(errors),
        **({"first_error": errors[0]} if errors else {}),
    }


def _rate(part: Sold) -> float:
    return len(part.times) / part.seconds


def recorded(shop: Shop) -> list[Recipe]:
    """Return what a sale at each of the shop's registers executes."""
    with shop.app() as app:
        return [record(app, register) for register in shop.registers]


def copy_of(shop: Shop) -> str:
    """Copy the SQLite database of a shop that nobody has open; return the copy's address."""
    source = shop.folder / "instance" / "pos.db"
    folder = shop.folder / "bare"
    folder.mkdir()
    shutil.copyfile(source, folder / "pos.db")
    return f"sqlite:///{folder / 'pos.db'}"
