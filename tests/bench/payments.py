"""The matrix of payment faults: what became of the sale, the goods, the cash and the Z in each case."""

import shutil
from pathlib import Path

from pos.bench.figures import Figures
from pos.bench.shops import scratch
from tests.fake_snap import FakeSnap
from tests.faults.payment_matrix import CASES, play, settings
from tests.faults.serving import Served
from tests.support.demo import make_demo_shop


def measure(folder: str) -> Figures:
    """Play every case against one served shop; count those that did not end as they must."""
    found: Figures = {}
    wrong = 0
    with scratch(folder) as place, FakeSnap() as bank:
        template, home = Path(place) / "template", Path(place) / "shop"
        template.mkdir()
        home.mkdir()
        tokens = make_demo_shop(template, f"sqlite:///{template / 'pos.db'}")
        shutil.copyfile(template / "pos.db", home / "pos.db")
        shop = Served(home, "", tokens)
        shop.env |= settings(bank, home)
        shop.start()
        try:
            for name, (case, wanted) in CASES.items():
                end = play(case, shop, bank)
                wrong += end != wanted
                found[name] = (
                    f"sale {end.sale or 'refused'}; payments {', '.join(end.payments) or 'none'}; "
                    f"stock {end.left:+d}, reserved {end.reserved}; receipts {end.receipts}; "
                    f"cash {end.cash}; Z qris {end.z['qris']}{'' if end == wanted else '  WRONG'}"
                )
        finally:
            shop.end()
        found["cases"] = len(CASES)
        found["not_as_they_must"] = wrong
        found["violations_seen_by_the_provider"] = len(bank.violations)
    return found
