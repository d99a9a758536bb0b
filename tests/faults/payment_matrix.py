"""Everything that can go wrong between a buyer's payment and the receipt, on a real server and a real socket.

Each case is one sale of Rp 30.000 at a register of its own shift. What must be true at the end stands beside
it; `python -m tests.bench payments` prints what was found.
"""

import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from tests.factories import cart, new_id
from tests.fake_snap import FakeSnap
from tests.faults.serving import Served

PATH = "/webhooks/qris/snap/v1.0/qr/qr-mpm-notify"
EXPIRES_AFTER = 3
POLL = 0.4
PRICE = 30_000


@dataclass(frozen=True, slots=True)
class End:
    """How a case ended. `left` are pieces on hand, `z` the rupiah of the Z by method."""

    sale: str
    payments: tuple[str, ...]
    left: int
    reserved: int
    receipts: int
    cash: int
    z: dict[str, int]


@dataclass(slots=True)
class Scene:
    """One case while it runs."""

    shop: Served
    bank: FakeSnap
    sale: str = ""
    ours: str = ""
    refused: int = 0

    def sell(self) -> None:
        """Start the sale; a refusal is remembered."""
        body = cart({"KTO-100": 2}, qris=True)
        answer = self.shop.post("/sales", body)
        self.sale = str(body["id"])
        if answer.status == 202:
            self.until(lambda: self.view()["qris"]["payload"])
            self.ours = list(self.bank.orders)[-1]
        else:
            self.refused = answer.status

    def view(self) -> dict[str, Any]:
        """The sale as it is now."""
        body: dict[str, Any] = self.shop.get(f"/sales/{self.sale}").body
        return body

    def pay(self, amount: int | None = None) -> None:
        """The buyer pays, once the code is there."""
        self.until(lambda: self.ours in self.bank.orders)
        self.bank.pay(self.ours, amount)

    def notify(self, **how: Any) -> int:
        """The company tells us."""
        return self.bank.notify(f"http://127.0.0.1:{self.shop.port}", PATH, self.ours, **how)

    def until(self, true: Callable[[], object], seconds: float = 25.0) -> None:
        """Wait until something is so. Raises AssertionError when it never is."""
        ends = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < ends, "it never became so"
            time.sleep(0.05)

    def until_sale(self, *states: str) -> None:
        """Wait for the sale to be in one of `states`."""
        self.until(lambda: self.view()["status"] in states)

    def until_payment(self, *states: str) -> None:
        """Wait for one of the sale's payments to be in one of `states`."""
        self.until(lambda: {item["status"] for item in self.payments()} & set(states))

    def payments(self) -> list[dict[str, Any]]:
        """The sale's payments."""
        return [item for item in self.shop.get("/payments").body["items"] if item["sale"] == self.sale]


Case: TypeAlias = Callable[[Scene], None]


def _paid(scene: Scene) -> None:
    scene.sell()
    scene.pay()
    scene.until_sale("completed")


def notified(scene: Scene) -> None:
    """The notification comes before we ask."""
    scene.sell()
    scene.pay()
    assert scene.notify() == 200
    scene.until_sale("completed")


def lost(scene: Scene) -> None:
    """No notification ever comes; asking is enough."""
    _paid(scene)


def doubled(scene: Scene) -> None:
    """Ten equal notifications at once."""
    scene.sell()
    scene.pay()
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(10) as senders:
        assert set(senders.map(lambda _: scene.notify(), range(10))) == {200}
    scene.until_sale("completed")


def reordered(scene: Scene) -> None:
    """The one that says "pending" comes after the one that says "paid"."""
    scene.sell()
    scene.pay()
    assert (scene.notify(), scene.notify(status="03")) == (200, 200)
    scene.until_sale("completed")


def forged(scene: Scene) -> None:
    """Somebody else signs, an old one is sent again, a body says paid: nobody paid."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    scene.sell()
    stranger = rsa.generate_private_key(65537, 2048)
    assert scene.notify(key=stranger) == 401
    assert scene.notify(age=3_600) == 401
    assert scene.notify() == 200
    scene.until_sale("expired")


def wrong_amount_notified(scene: Scene) -> None:
    """The notification names another amount than was paid: what we ask counts."""
    scene.sell()
    scene.pay()
    assert scene.notify(amount=1) == 200
    scene.until_sale("completed")


def other_amount(scene: Scene) -> None:
    """The buyer pays less than asked."""
    scene.sell()
    scene.pay(PRICE - 1)
    scene.until_payment("late")


def late(scene: Scene) -> None:
    """The buyer pays after the code's time."""
    scene.sell()
    scene.until_sale("expired")
    scene.pay()
    scene.notify()
    scene.until_payment("late")


def after_cancel(scene: Scene) -> None:
    """The buyer pays a code that was cancelled."""
    scene.sell()
    assert scene.shop.post(f"/sales/{scene.sale}/cancel").status == 200
    scene.pay()
    scene.notify()
    scene.until_payment("late")


def cancel_loses(scene: Scene) -> None:
    """The buyer paid just before the cashier cancels."""
    scene.sell()
    scene.pay()
    assert scene.shop.post(f"/sales/{scene.sale}/cancel").status in (200, 409)
    scene.until_sale("completed")


def _generate(fault: str) -> Case:
    def case(scene: Scene) -> None:
        scene.bank.fail("generate", fault)
        scene.sell()
        if not scene.refused:
            scene.until(
                lambda: scene.view()["qris"]["payload"] or scene.view()["status"] != "awaiting_payment"
            )
            scene.pay()
            scene.until_sale("completed")

    return case


def _query(fault: str, times: int = 2) -> Case:
    def case(scene: Scene) -> None:
        scene.sell()
        scene.pay()
        scene.bank.fail("query", fault, times)
        scene.notify()
        scene.until_sale("completed")

    return case


def _doubtful(fault: str) -> Case:
    def case(scene: Scene) -> None:
        scene.sell()
        scene.bank.fail("query", fault, 500)
        scene.pay()
        scene.until_sale("expired")
        scene.bank.heal()

    return case


def killed_before_asking(scene: Scene) -> None:
    """Killed while the code is shown; paid meanwhile; started again."""
    scene.sell()
    scene.shop.end(signal.SIGKILL)
    scene.pay()
    scene.shop.start()
    scene.until_sale("completed")


def killed_after_the_time(scene: Scene) -> None:
    """Paid in time, but the machine was off until long after."""
    scene.sell()
    scene.pay()
    scene.shop.end(signal.SIGKILL)
    time.sleep(EXPIRES_AFTER + 1)
    scene.shop.start()
    scene.until_sale("completed")


def killed_between_payment_and_receipt(scene: Scene) -> None:
    """Killed the moment the payment is in the books."""
    _paid(scene)
    scene.shop.end(signal.SIGKILL)
    scene.shop.start()


COMPLETED = End("completed", ("paid",), -2, 0, 1, 100_000, {"cash": 0, "qris": PRICE})
EXPIRED = End("expired", ("expired",), 0, 0, 0, 100_000, {"cash": 0, "qris": 0})
LATE = End("expired", ("late",), 0, 0, 0, 100_000, {"cash": 0, "qris": 0})
CANCELLED = End("cancelled", ("late",), 0, 0, 0, 100_000, {"cash": 0, "qris": 0})
NOTHING = End("", (), 0, 0, 0, 100_000, {"cash": 0, "qris": 0})

CASES: dict[str, tuple[Case, End]] = {
    "paid and notified": (notified, COMPLETED),
    "notification lost": (lost, COMPLETED),
    "ten notifications at once": (doubled, COMPLETED),
    "notifications out of order": (reordered, COMPLETED),
    "notifications forged, stale, untrue": (forged, EXPIRED),
    "notification with a wrong amount": (wrong_amount_notified, COMPLETED),
    "another amount paid": (other_amount, CANCELLED),
    "paid after the time": (late, LATE),
    "paid after the cancel": (after_cancel, CANCELLED),
    "cancel meets the payment": (cancel_loses, COMPLETED),
    "code: answer lost": (_generate("lose"), COMPLETED),
    "code: token refused once": (_generate("401"), COMPLETED),
    "code: server error": (_generate("500"), COMPLETED),
    "code: too many requests": (_generate("429"), COMPLETED),
    "code: garbage": (_generate("garbage"), COMPLETED),
    "code: hangs up": (_generate("drop"), COMPLETED),
    "code: for another amount": (_generate("wrong-amount"), NOTHING),
    "code: no QRIS": (_generate("not-qris"), NOTHING),
    "question: server error": (_query("500"), COMPLETED),
    "question: too many requests": (_query("429"), COMPLETED),
    "question: garbage": (_query("garbage"), COMPLETED),
    "question: hangs up": (_query("drop"), COMPLETED),
    "question: token over": (_query("401"), COMPLETED),
    "question: answers slowly": (_query("slow"), COMPLETED),
    "answer: another merchant": (_doubtful("wrong-merchant"), EXPIRED),
    "answer: another currency": (_doubtful("wrong-currency"), EXPIRED),
    "answer: paid without an amount": (_doubtful("no-amount"), EXPIRED),
    "answer: a state nobody knows": (_doubtful("unknown-status"), EXPIRED),
    "answer: another payment's": (_doubtful("other-reference"), EXPIRED),
    "killed while the code is shown": (killed_before_asking, COMPLETED),
    "off until after the time": (killed_after_the_time, COMPLETED),
    "killed between payment and receipt": (killed_between_payment_and_receipt, COMPLETED),
}


def settings(bank: FakeSnap, folder: Any) -> dict[str, str]:
    """The environment of a server that collects through the fake company."""
    return bank.variables(folder) | {
        "POS_QRIS__EXPIRES_AFTER": str(EXPIRES_AFTER),
        "POS_QRIS__POLL_EVERY": str(POLL),
    }


def play(case: Case, shop: Served, bank: FakeSnap) -> End:
    """Let a case happen in a shift of its own and say how it ended."""
    shift = shop.open("K1")
    before = shop.on_hand("KTO-100")
    scene = Scene(shop, bank)
    case(scene)
    bank.heal()
    known = {item["id"] for item in shop.sales()}
    sale = scene.view()["status"] if scene.sale in known else ""
    stock = next(item for item in shop.get("/stock").body["items"] if item["sku"] == "KTO-100")
    jobs = shop.get(f"/print-jobs?sale={scene.sale}").body["items"] if sale else []
    z = shop.post(f"/shifts/{shift}/close", {"id": new_id(), "counted": 100_000, "reason": ""})
    assert z.status == 201, z.body
    return End(
        sale,
        tuple(sorted(item["status"] for item in scene.payments())) if sale else (),
        stock["on_hand"] - before,
        stock["reserved"],
        sum(job["kind"] == "receipt" for job in jobs),
        z.body["expected_cash"],
        z.body["by_method"],
    )


def words(name: str, end: End) -> dict[str, Any]:
    """A case and its end as a row of a table."""
    return {"case": name, **asdict(end)}
