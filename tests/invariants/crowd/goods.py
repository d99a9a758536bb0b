"""Do the goods add up from the answers alone: what was sold and what is left, and every refusal justified.

Each act that was acknowledged changed a shelf at some instant between its first request and its first good
answer. So at any instant there is a least and a most that can have been there; what is certain to have gone
and come gives the end.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.invariants.crowd.answers import DONE, by_id, completions
from tests.invariants.crowd.record import Body, Call, History

Place: TypeAlias = tuple[str, str]
"""Shelf and SKU."""
FOREVER = float("inf")


@dataclass
class Bounds:
    """The least and the most that may have been available of a product on a shelf, over time."""

    opening: int
    least: list[tuple[float, int]] = field(default_factory=list)
    most: list[tuple[float, int]] = field(default_factory=list)

    def change(self, pieces: int, start: float, end: float) -> None:
        """`pieces` came or went at some instant between."""
        (self.least if pieces < 0 else self.most).append((start, pieces))
        (self.most if pieces < 0 else self.least).append((end, pieces))

    def maybe_free(self, pieces: int, start: float, end: float) -> None:
        """`pieces` may have been free for a while, and may not."""
        self.most += [(start, pieces), (end, -pieces)]

    def settle(self) -> None:
        """Sort and sum up, before it is asked."""
        self._least = _running(self.opening, self.least)
        self._most = _running(self.opening, self.most)

    def between(self, start: float, end: float) -> tuple[int, int]:
        """The least and the most that may have been there at any instant between."""
        return min(_values(self._least, start, end)), max(_values(self._most, start, end))


def _running(opening: int, steps: list[tuple[float, int]]) -> tuple[list[float], list[int]]:
    times, sums = [float("-inf")], [opening]
    for at, pieces in sorted(steps):
        times.append(at)
        sums.append(sums[-1] + pieces)
    return times, sums


def _values(line: tuple[list[float], list[int]], start: float, end: float) -> list[int]:
    times, sums = line
    return sums[bisect_right(times, start) - 1 : bisect_right(times, end)]


class Goods:
    """What the acknowledged acts did to the shelves."""

    def __init__(self, history: History, shelves: dict[str, str]) -> None:
        self._history, self._shelf_of = history, shelves
        self.bounds: dict[Place, Bounds] = {}
        self.on_hand: Counter[Place] = Counter()
        self.reserved: Counter[Place] = Counter()
        for item in history.opening:
            place = (item["location"], item["sku"])
            self.bounds[place] = Bounds(item["available"])
            self.on_hand[place] += item["on_hand"]
        self._seen = _seen(history)
        self._sales = by_id(history)
        self._orders = {call.id: call for call in history.of("order")}
        self._completions = completions(history)
        for call in history.calls:
            if call.done:
                self._take_in(call)
        for bounds in self.bounds.values():
            bounds.settle()

    def shelf(self, register: str) -> str:
        return self._shelf_of[register]

    def _change(self, place: Place, pieces: int, start: float, end: float) -> None:
        if pieces:
            self.bounds.setdefault(place, Bounds(0)).change(pieces, start, end)

    def _moved(self, shelf: str, goods: Counter[str], sign: int, call: Call) -> None:
        for sku, pieces in goods.items():
            self.on_hand[shelf, sku] += sign * pieces
            self._change((shelf, sku), sign * pieces, call.start, call.end)

    def _take_in(self, call: Call) -> None:
        """Add one act."""
        match call.kind:
            case "sale":
                self._sale(call)
            case "order":
                self._order(call)
            case "refund" | "void":
                sale = self._sales.get(call.path.split("/")[2])
                if sale is not None and call.body.get("restock", True):
                    self._moved(self.shelf(sale["register"]), pieces_of(call.first_answer["lines"]), 1, call)
            case "receipt" | "waste":
                self._moved(call.body["location"], pieces_of(call.body["lines"]), 1, call)
            case "transfer":
                self._moved(call.body["from"], pieces_of(call.body["lines"]), -1, call)
            case "arrival":
                came = Counter[str]()
                for line in call.first_answer["lines"]:
                    came[line["sku"]] += line["received"]
                self._moved(call.first_answer["to"], came, 1, call)
            case "post count":
                for line in call.first_answer["lines"]:
                    found = Counter({line["sku"]: line["difference"] or 0})
                    self._moved(call.first_answer["location"], found, 1, call)

    def _sale(self, call: Call) -> None:
        """It took goods or held them; what it held became free, or was taken when it was paid."""
        now = self._sales.get(call.id)
        if now is None:
            return
        shelf, goods = self.shelf(now["register"]), pieces_of(now["lines"])
        own = self.held_by_order(call.body.get("order"))
        for sku in goods.keys() | own.keys():
            self._change((shelf, sku), own[sku] - goods[sku], call.start, call.end)
        if now["status"] in DONE:
            for sku, pieces in goods.items():
                self.on_hand[shelf, sku] -= pieces
        if call.first_answer["status"] in DONE:
            return
        ends, gone = call.start + self._history.patience, self._seen.get((call.id, "given up"))
        paid = self._completions.get(call.id)
        for sku, pieces in goods.items():
            place = (shelf, sku)
            if paid is None:
                start, end = gone or (ends, FOREVER)
                self._change(place, pieces, min(start, ends), end)
            else:
                # Given up and paid after all, or given up by the clock just before: free for a while.
                since = min(gone[0] if gone else FOREVER, ends)
                if paid[1] > since:
                    self.bounds[place].maybe_free(pieces, since, paid[1])

    def _order(self, call: Call) -> None:
        order = self._history.orders.get(call.id)
        if order is None:
            return
        shelf, goods = self.shelf(call.body["register"]), pieces_of(call.body["lines"])
        for sku, pieces in goods.items():
            self._change((shelf, sku), -pieces, call.start, call.end)
            if order["status"] == "open":
                self.reserved[shelf, sku] += pieces
            elif order["status"] == "dropped":
                start, end = self._seen.get((call.id, "given up"), (call.start, FOREVER))
                self._change((shelf, sku), pieces, start, end)
            elif order["status"] == "expired":
                self._change((shelf, sku), pieces, call.start + self._history.slips, FOREVER)

    def held_by_order(self, order: str | None) -> Counter[str]:
        made = self._orders.get(order or "")
        return pieces_of(made.body["lines"]) if made else Counter()


def check(history: History, shelves: dict[str, str]) -> Iterator[str]:
    """Say what does not add up. `shelves`: by register the location it sells from."""
    goods = Goods(history, shelves)
    left: dict[Place, Body] = {(item["location"], item["sku"]): item for item in history.closing}
    for place in sorted(left.keys() | goods.on_hand.keys()):
        item = left.get(place, {"on_hand": 0, "reserved": 0})
        if item["on_hand"] != goods.on_hand[place]:
            yield f"{place}: {item['on_hand']} left, the answers say {goods.on_hand[place]}"
        if item["reserved"] != goods.reserved[place]:
            yield f"{place}: {item['reserved']} set aside, the answers say {goods.reserved[place]}"
    for call in history.calls:
        for attempt in call.attempts:
            if attempt.code in ("insufficient_stock", "lot_expired") and call.kind in (
                "sale",
                "order",
                "transfer",
            ):
                yield from _justified(goods, call, attempt)
            if call.kind == "look" and attempt.status == 200:
                yield from _possible(goods, call, attempt.body["items"], attempt.start, attempt.end)


def _justified(goods: Goods, call: Call, attempt: Any) -> Iterator[str]:
    """There was an instant when so little was there, and less than was wanted."""
    shelf = call.body["from"] if call.kind == "transfer" else goods.shelf(call.body["register"])
    own = goods.held_by_order(call.body.get("order"))
    wanted = pieces_of(call.body["lines"])
    for line in attempt.body["lines"]:
        sku, said = line["sku"], line["available"]
        least, most = goods.bounds[shelf, sku].between(attempt.start, attempt.end)
        if line["quantity"] != wanted[sku] or said >= wanted[sku]:
            yield f"refused {wanted[sku]} of {sku} although {said} are there: {call}"
        if not least <= said <= most + own[sku]:
            yield f"said {said} of {sku}, there were {least} to {most + own[sku]} at {shelf}: {call}"


def _possible(goods: Goods, call: Call, items: list[Body], start: float, end: float) -> Iterator[str]:
    for item in items:
        least, most = goods.bounds[item["location"], item["sku"]].between(start, end)
        if not least <= item["available"] <= most:
            where = f"{item['sku']} at {item['location']}"
            yield f"saw {item['available']} of {where}, there were {least} to {most}: {call}"
        for lot in item["lots"]:
            if not 0 <= lot["reserved"] <= lot["on_hand"]:
                yield f"saw {lot['reserved']} of {lot['on_hand']} set aside of lot {lot['lot']}: {call}"


def _seen(history: History) -> dict[tuple[str, str], tuple[float, float]]:
    """By sale or order that somebody gave up: from when to when that may have been."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for call in history.calls:
        if call.kind in ("cancel", "drop"):
            key = (call.path.split("/")[2], "given up")
            start, end = found.get(key, (call.start, FOREVER))
            told = call.done and call.first_answer["status"] in ("cancelled", "dropped")
            found[key] = (min(start, call.start), min(end, call.end) if told else end)
    return found


def pieces_of(lines: list[Body]) -> Counter[str]:
    """By SKU, how many pieces."""
    found: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        found[line["sku"]] += line["quantity"]
    return Counter(found)
