"""A long day of a crowd on each database, with kills, cuts and deadlocks, and its history checked."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pos.bench.figures import Figures
from tests.invariants.crowd.check import complaints, figures
from tests.invariants.crowd.drive import Plan, run
from tests.invariants.crowd.shop import Server, furnish
from tests.support.demo import make_demo_shop, opened


def measure(
    folder: Path, url: str, *, tills: int, seconds: float, kills: int, seed: int, broken: str = ""
) -> Figures:
    """Live through it, check it, and say what was found; the history is kept when anything was."""
    data = folder / "instance"
    data.mkdir(parents=True)
    sqlite = not url
    url = url or f"sqlite:///{data / 'pos.db'}"
    make_demo_shop(data, url)
    with opened(data, url) as app:
        crowd = furnish(app, tills)
    plan = Plan(
        data,
        url,
        servers=1 if sqlite else 3,
        seconds=seconds,
        kills=kills,
        seed=seed,
        broken=broken,
        commands=15.0 if sqlite else 0.0,
        lock_timeout=0 if sqlite or seed % 2 else 400,
    )
    print(f"seed {seed}, {tills} tills, {plan.servers} servers on {url.partition(':')[0]}", file=sys.stderr)
    history = run(plan, crowd)
    found = complaints(history, crowd, url)
    if told := Server(data, url).verify():
        found.append(f"pos verify: {told}")
    kept = ""
    if found:
        kept = _keep(history.save, data)
    return {
        "seed": seed,
        **figures(history),
        "complaints": len(found),
        "kept": kept,
        "first_complaints": found[:20],
    }


def _keep(save: Callable[[Path], None], data: Path) -> str:
    """Keep the history and the servers' logs for who looks for the cause."""
    kept = Path(tempfile.mkdtemp(prefix="karya-crowd-"))
    save(kept / "history.jsonl")
    for number, log in enumerate(sorted(data.rglob("server.log"))):
        (kept / f"server-{number}.log").write_bytes(log.read_bytes())
    return str(kept)
