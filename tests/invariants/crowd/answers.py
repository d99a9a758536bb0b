"""Do the answers hold: each acknowledged act once with its answer, no refused one, numbers in order."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tests.invariants.crowd.record import Body, Call, History

FIXED = (
    "id",
    "register",
    "business_date",
    "created_at",
    "lines",
    "subtotal",
    "discount",
    "rounding",
    "total",
)
FIXED_ONCE_DONE = (*FIXED, "number", "shift", "completed_at", "tenders", "change", "entry_hash")
NEVER = ("validation_error", "forbidden", "sign_in", "unknown_sku", "id_conflict")
"""Refusals that no act of this crowd deserves."""
DONE = ("completed", "voided")


def check(history: History) -> Iterator[str]:
    """Say what is wrong with the answers."""
    for call in history.calls:
        yield from _attempts(call)
    yield from _sales(history)
    yield from _ends(history)
    yield from _numbers(history)
    yield from (f"hung: {what}" for what in history.hung)


def _attempts(call: Call) -> Iterator[str]:
    happened = None
    for attempt in call.attempts:
        if attempt.trouble == "TimeoutError":
            yield f"no answer within its time: {call}"
        if attempt.status >= 500 and attempt.code != "database_unavailable":
            yield f"an answer nobody can act on, {attempt.status} {attempt.code}: {call}"
        if attempt.code in NEVER:
            yield f"refused with {attempt.code}: {call} {attempt.body}"
        if happened is not None and 400 <= attempt.status < 500:
            yield f"acknowledged, then refused: {call}"
        if 200 <= attempt.status < 300:
            if happened is not None and call.id and attempt.status != 200:
                yield f"happened again when it was sent again: {call}"
            if happened is not None and call.kind == "sale":
                for name in FIXED:
                    if happened[name] != attempt.body[name]:
                        yield f"{name} was {happened[name]}, then {attempt.body[name]}: {call}"
            happened = happened or attempt.body
    if call.open:
        yield f"never answered: {call}"


def _sales(history: History) -> Iterator[str]:
    listed = Counter(str(sale["id"]) for sale in history.sales)
    now = by_id(history)
    asked = {call.id: call for call in history.calls if call.kind == "sale"}
    for sale_id, times in listed.items():
        if times != 1:
            yield f"sale {sale_id} is there {times} times"
        if sale_id not in asked:
            yield f"sale {sale_id} was asked for by nobody"
        elif not asked[sale_id].done:
            yield f"refused, and there all the same: {asked[sale_id]}"
    for call in asked.values():
        if call.done and call.id not in now:
            yield f"acknowledged and lost: {call}"
        elif call.done:
            yield from _same(call, now[call.id])
        elif not history.absent.get(call.id, True):
            yield f"refused, and answered when asked for: {call}"


def _same(call: Call, now: Body) -> Iterator[str]:
    first = call.first_answer
    names = FIXED_ONCE_DONE if first["status"] in DONE else FIXED
    for name in names:
        if first[name] != now[name]:
            yield f"{name} was answered as {first[name]} and is {now[name]}: {call}"
    wanted = [(line["sku"], line["quantity"]) for line in call.body["lines"]]
    if wanted != [(line["sku"], line["quantity"]) for line in now["lines"]]:
        yield f"other goods than were asked for: {call}"


def _ends(history: History) -> Iterator[str]:
    """Confirmations, cancels, voids, refunds and dropped orders stand as they were acknowledged."""
    now = by_id(history)
    refunds = {str(refund["id"]): refund for sale in history.sales for refund in sale["refunds"]}
    asked = {call.id: call for call in history.calls if call.kind in ("refund", "void")}
    for call in history.of("confirm", "cancel"):
        sale = now.get(call.path.split("/")[2])
        told = call.first_answer
        if sale is None:
            yield f"acknowledged for a sale that is not there: {call}"
        elif told["status"] in DONE and any(told[name] != sale[name] for name in FIXED_ONCE_DONE):
            yield f"completed otherwise than it is now: {call}"
        elif told["status"] == "cancelled" and sale["status"] not in ("cancelled", *DONE):
            yield f"cancelled, and now {sale['status']}: {call}"
    for refund_id in refunds.keys() - {call.id for call in asked.values() if call.done}:
        yield f"refund {refund_id} was acknowledged to nobody"
    for call in asked.values():
        if call.done and {**call.first_answer} != refunds.get(call.id):
            yield f"acknowledged and now {refunds.get(call.id)}: {call}"
    for sale in now.values():
        yield from _not_beyond(sale)
    yield from _orders(history)


def _orders(history: History) -> Iterator[str]:
    """Each order ended once, as somebody was told."""
    used = {str(call.body["order"]): call for call in history.of("sale") if "order" in call.body}
    for call in history.of("order"):
        order = history.orders.get(call.id)
        if order is None:
            yield f"acknowledged and lost: {call}"
        elif (order["status"] == "used") != (call.id in used):
            yield f"order {call.id} is {order['status']}, and was sold by {used.get(call.id)}"
    for call in history.of("drop"):
        order = history.orders.get(call.path.split("/")[2])
        if order is not None and order["status"] != "dropped":
            yield f"dropped, and now {order['status']}: {call}"


def _not_beyond(sale: Mapping[str, Any]) -> Iterator[str]:
    """Nothing was given back beyond what was sold, in pieces or in rupiah."""
    left = Counter[str]()
    for line in sale["lines"]:
        left[line["sku"]] += line["quantity"]
    for refund in sale["refunds"]:
        for line in refund["lines"]:
            left[line["sku"]] -= line["quantity"]
    back = sum(refund["total"] for refund in sale["refunds"])
    if any(pieces < 0 for pieces in left.values()) or back > sale["total"] or back != sale["refunded"]:
        yield f"sale {sale['id']}: {back} of {sale['total']} rupiah given back, pieces left {dict(left)}"
    if not any(left.values()) and back != sale["total"]:
        yield f"sale {sale['id']}: all came back, and {back} of {sale['total']} rupiah"


def _numbers(history: History) -> Iterator[str]:
    """Without gap or twin, and in the order that clients could see."""
    now = by_id(history)
    series: defaultdict[str, list[tuple[int, float, float, str]]] = defaultdict(list)
    for sale_id, (start, end) in completions(history).items():
        sale = now.get(sale_id)
        if sale is not None and sale["number"]:
            prefix, _, count = str(sale["number"]).rpartition("-")
            if prefix != sale["register"]:
                yield f"number {sale['number']} at register {sale['register']}"
            series[prefix].append((int(count), start, end, f"sale {sale_id}"))
    for call in history.of("refund", "void"):
        prefix, _, count = str(call.first_answer["number"]).rpartition("-R")
        series[f"{prefix}-R"].append((int(count), call.start, call.end, f"{call.kind} {call.id}"))
    for call in history.of("close"):
        register, count = call.first_answer["register"], call.first_answer["number"]
        if count is None:
            yield f"close {call.id}: acknowledged, and without its number"
            continue
        series[f"{register}-Z"].append((count, call.start, call.end, f"close {call.id}"))
    for name, given in series.items():
        given.sort()
        numbers = [one[0] for one in given]
        if numbers != list(range(1, len(numbers) + 1)):
            odd = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
            twins = [number for number, times in Counter(numbers).items() if times > 1]
            yield f"numbers of {name}: {odd} are missing, {twins} were given twice"
        begun, by = 0.0, ""
        for number, start, end, what in given:
            if end < begun:
                yield f"{name}: {what} was done before {by} was begun, but has the later number {number}"
            if start > begun:
                begun, by = start, what


def by_id(history: History) -> dict[str, Body]:
    return {str(sale["id"]): sale for sale in history.sales}


def completions(history: History) -> dict[str, tuple[float, float]]:
    """By sale that is completed: from when to when it may have been completed."""
    done = {sale_id for sale_id, sale in by_id(history).items() if sale["status"] in DONE}
    found: dict[str, tuple[float, float]] = {}
    for call in history.calls:
        if call.kind == "sale" and call.done and call.id in done and call.first_answer["status"] in DONE:
            found[call.id] = (call.start, call.end)
        elif call.kind == "confirm" and call.path.split("/")[2] in done:
            # Of several who confirmed, any may have been the one; it was done when the first was told so.
            sale_id = call.path.split("/")[2]
            start, end = found.get(sale_id, (call.start, float("inf")))
            told = call.done and call.first_answer["status"] in DONE
            found[sale_id] = (min(start, call.start), min(end, call.end) if told else end)
    return found
