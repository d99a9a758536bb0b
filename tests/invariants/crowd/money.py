"""Is the money right: each shift's X or Z computed again from the recorded answers alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.invariants.crowd.answers import DONE, by_id
from tests.invariants.crowd.record import Body, Call, History

FOREVER = float("inf")


@dataclass
class Shift:
    """A shift as its clients know it. `maybe`: given back when this shift ended or the next began."""

    register: str
    begun: float = float("-inf")
    ended: float = FOREVER
    sums: Counter[str] = field(default_factory=Counter)
    maybe: list[Counter[str]] = field(default_factory=list)


def check(history: History) -> Iterator[str]:
    """Say which report is not what the answers add up to."""
    shifts = _shifts(history)
    sales = by_id(history)
    grand: Counter[str] = Counter()
    for sale in sales.values():
        if sale["status"] in DONE:
            shifts[sale["shift"]].sums += _sold(sale)
            grand[sale["register"]] += sale["total"]
    for call in history.of("cash"):
        shift = shifts[call.path.split("/")[2]]
        shift.sums[f"paid_{call.body['direction']}"] += call.body["amount"]
    back: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for call in history.of("refund", "void"):
        sale = sales.get(call.path.split("/")[2])
        if sale is None:
            continue
        register = call.first_answer["number"].rpartition("-R")[0]
        given = _given_back(call, sale)
        back[register] += given
        _place(shifts, register, call, given)
    for shift_id, report in history.reports.items():
        yield from _report(shift_id, shifts[shift_id], report)
    yield from _registers(history, back, grand)
    for call in history.of("close"):
        shift_id = call.path.split("/")[2]
        if {**history.reports.get(shift_id, {}), "http": 0} != {**call.first_answer, "http": 0}:
            yield f"the Z report of shift {shift_id} is not what the close answered: {call}"


def _shifts(history: History) -> dict[str, Shift]:
    found = {
        shift_id: Shift(report["register"], sums=Counter()) for shift_id, report in history.reports.items()
    }
    for call in history.of("open"):
        shift = found[call.id]
        shift.begun = call.start
        shift.sums["float"] = call.body["float"]
    for call in history.of("close"):
        found[call.path.split("/")[2]].ended = call.end
    return found


def _sold(sale: Body) -> Counter[str]:
    cash = sum(tender["amount"] for tender in sale["tenders"] if tender["method"] == "cash")
    gross = sum(line["quantity"] * line["unit_price"] for line in sale["lines"])
    return Counter(
        {
            "sales_count": 1,
            "cash_sales": cash - sale["change"],
            "qris": sale["total"] - cash + sale["change"],
            "gross": gross,
            "discounts": gross - sale["subtotal"] + sale["discount"],
            # Of Counter's sums only those above zero are kept, and rounding may be below.
            "total": sale["total"],
        }
    )


def _given_back(call: Call, sale: Body) -> Counter[str]:
    total = call.first_answer["total"]
    qris = 0
    if call.kind == "void":
        cash = sum(tender["amount"] for tender in sale["tenders"] if tender["method"] == "cash")
        qris = sale["total"] - max(0, cash - sale["change"])
    return Counter(
        {
            "refund_count": 1,
            "void_count": int(call.kind == "void"),
            "refunds": total,
            "cash_refunds": total - qris,
            "qris_back": qris,
        }
    )


def _place(shifts: dict[str, Shift], register: str, call: Call, given: Counter[str]) -> None:
    """Give money back to the one shift that was open then; near a close it may be one of two."""
    able = [
        shift
        for shift in shifts.values()
        if shift.register == register and shift.begun <= call.end and call.start <= shift.ended
    ]
    for shift in able:
        if len(able) == 1:
            shift.sums += given
        else:
            shift.maybe.append(given)


def _report(shift_id: str, shift: Shift, report: Body) -> Iterator[str]:
    sums = shift.sums
    where = f"shift {shift_id} of {shift.register}"
    for name in ("sales_count", "cash_sales", "gross", "discounts", "paid_in", "paid_out", "float"):
        if report[name] != sums[name]:
            yield f"{where}: {name} is {report[name]}, the answers say {sums[name]}"
    for name in ("refund_count", "void_count", "refunds", "cash_refunds"):
        most = sums[name] + sum(given[name] for given in shift.maybe)
        if not sums[name] <= report[name] <= most:
            yield f"{where}: {name} is {report[name]}, the answers say {sums[name]} to {most}"
    expected = sums["float"] + sums["cash_sales"] + sums["paid_in"] - sums["paid_out"]
    if report["expected_cash"] != expected - report["cash_refunds"]:
        yield f"{where}: expected cash {report['expected_cash']}, the answers say {expected} less refunds"
    net = sums["total"] - report["refunds"]
    if report["net"] != net or sum(report["by_method"].values()) != net:
        yield f"{where}: net {report['net']} by {report['by_method']}, the answers say {net}"
    counted = report["counted_cash"]
    if counted is not None and report["over_short"] != counted - report["expected_cash"]:
        yield f"{where}: over or short by {report['over_short']}"


def _registers(history: History, back: dict[str, Counter[str]], grand: Counter[str]) -> Iterator[str]:
    """Over all its shifts a register gave back exactly what was acknowledged, and sold its grand total."""
    given: defaultdict[str, Counter[str]] = defaultdict(Counter)
    highest: Counter[str] = Counter()
    for report in history.reports.values():
        for name in ("refund_count", "void_count", "refunds", "cash_refunds"):
            given[report["register"]][name] += report[name]
        highest[report["register"]] = max(highest[report["register"]], report["grand_total"])
    for register in given.keys() | back.keys():
        for name in ("refund_count", "void_count", "refunds", "cash_refunds"):
            if given[register][name] != back[register][name]:
                yield (
                    f"{register}: {name} of all shifts is {given[register][name]}, "
                    f"the answers say {back[register][name]}"
                )
    for register, total in grand.items():
        if highest[register] != total:
            yield f"{register}: the grand total is {highest[register]}, the answers say {total}"
