"""A primary killed under selling tills and its standby promoted; and regions' books gathered by a nation."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from pos.bench.figures import Figures
from tests.faults.promotion import SKU, PatientTill, faults, missing, patient_tills
from tests.faults.serving import Served
from tests.support.command import CHECKOUT, run_apart
from tests.support.demo import make_demo_shop, plain
from tests.support.postgres import USER, Cluster, binaries, running_cluster
from tests.support.replicas import REPLICATED, Pair, running_pair, until

ON_DISK = {**REPLICATED, "fsync": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
REGIONS = ("jatim", "jateng")


def measure(folder: str, *, seconds: float) -> Figures:
    """Promote a standby that commits waited for, and one that they did not wait for."""
    return {
        "synchronous": _promoted(folder, seconds, synchronous=True),
        "asynchronous": _promoted(folder, seconds, synchronous=False),
    }


def _promoted(folder: str, seconds: float, *, synchronous: bool) -> Figures:
    with running_pair(ON_DISK, folder) as pair:
        home = pair.primary.home.parent / "shop"
        home.mkdir()
        pair.primary.cluster.create("toko")
        url = pair.url("toko")
        tokens = make_demo_shop(home, url)
        pair.synchronous(synchronous)
        shop = Served(home, url, tokens)
        shop.start()
        try:
            for register in ("K1", "G1"):
                shop.open(register)
            shop.adjust(SKU, 90_000)
            before = shop.on_hand(SKU)
            with patient_tills(shop) as tills:
                time.sleep(seconds)
                _stop_following(pair)
                time.sleep(min(seconds, 1.0))
                pair.primary.kill()
                answered = [len(till.sold) for till in tills]
                pair.promote()
                promoted = time.monotonic()
                until(lambda: all(len(till.sold) > n for till, n in zip(tills, answered, strict=True)))
                again = time.monotonic() - promoted
                time.sleep(seconds)
            return _figures(shop, tills, before, again, sum(answered))
        finally:
            shop.end()


def _stop_following(pair: Pair) -> None:
    """Let the primary send nothing more, as a network does that dies a moment before its server."""
    sender = pair.primary.ask("SELECT pid FROM pg_stat_replication")
    os.kill(int(sender), signal.SIGSTOP)


def _figures(shop: Served, tills: list[PatientTill], before: int, again: float, answered: int) -> Figures:
    sales = shop.sales()
    return {
        "answered_before_the_kill": answered,
        "answered": sum(len(till.sold) for till in tills),
        "asked_again": sum(till.asked_again for till in tills),
        "lost": len(missing(shop, tills)),
        "doubled": len(sales) - len({sale["id"] for sale in sales}),
        "faults": len(faults(shop, tills, before)),
        "all_tills_sell_s_after_promotion": round(again, 2),
        "longest_pause_of_a_till_s": round(max(till.longest_pause for till in tills), 2),
    }


def nation(folder: str) -> Figures:
    """Make two regions and a nation with the statements of config/layouts; verify each region there."""
    with running_cluster({**ON_DISK, "max_logical_replication_workers": "8"}, folder) as cluster:
        _ask(cluster, "postgres", "CREATE ROLE laporan LOGIN")
        cluster.create("nasional")
        home = Path(folder) / f"karya-nation-{cluster.port}"
        home.mkdir()
        found: dict[str, Any] = {}
        try:
            for region in REGIONS:
                _region(cluster, region, home)
            until(lambda: _behind(cluster) == 0)
            for region in REGIONS:
                told = run_apart(_there(cluster, region, home), "verify")
                found[f"{region}_verified"] = told.out.splitlines()[-1] if told.code == 0 else told.err
            rows = _ask(cluster, "nasional", "SELECT count(DISTINCT (region, sku)) FROM nation.product")
            found["products_of_the_nation"] = rows[0][0]
        finally:
            for region in REGIONS:
                _ask(cluster, "nasional", f"DROP SUBSCRIPTION IF EXISTS {region}")
            subprocess.run(["rm", "-r", "--", str(home)], check=True)
    return found


def _region(cluster: Cluster, region: str, home: Path) -> None:
    names = {"region": region, "owner": USER, "reader": "laporan"}
    cluster.create(region)
    _carry_out("region.sql", cluster, region, **names)
    make_demo_shop(home, cluster.url(region))
    _carry_out("region.sql", cluster, region, **names)
    _ask(cluster, "nasional", f"CREATE SCHEMA {region}")
    made = run_apart(_there(cluster, region, home), "upgrade")
    assert made.code == 0, made.err
    source = f"host=127.0.0.1 port={cluster.port} dbname={region} user={USER} password={cluster.password}"
    _carry_out("nation.sql", cluster, "nasional", region=region, source=source)


def _there(cluster: Cluster, region: str, home: Path) -> dict[str, str]:
    """Settings under which a command reads a region's books in the nation's database."""
    url = f"{cluster.url('nasional')}?options=-csearch_path%3D{region}"
    return {"POS_DATA_DIR": str(home), "POS_DATABASE_URL": url}


def _behind(cluster: Cluster) -> int:
    """How many tables of how many regions are not yet copied."""
    rows = _ask(cluster, "nasional", "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'")
    return int(rows[0][0])


def _ask(cluster: Cluster, database: str, statement: str) -> list[Any]:
    with psycopg.connect(plain(cluster.url(database)), autocommit=True) as link:
        answer = link.execute(statement.encode())
        return answer.fetchall() if answer.description else []


def _carry_out(script: str, cluster: Cluster, database: str, **names: str) -> None:
    done = subprocess.run(
        [
            *(binaries() / "psql", "--no-psqlrc", "--quiet"),
            *(f"--set={name}={value}" for name, value in names.items()),
            *("--file", CHECKOUT / "config" / "layouts" / script),
            f"host=127.0.0.1 port={cluster.port} user={USER} dbname={database}",
        ],
        env={**os.environ, "PGPASSWORD": cluster.password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
