"""All that is checked of a run: the answers, the goods, the money, the database."""

from collections import Counter

from tests.invariants.crowd import answers, goods, ledger, money
from tests.invariants.crowd.record import History
from tests.invariants.crowd.shop import Crowd


def complaints(history: History, crowd: Crowd, url: str = "") -> list[str]:
    """Everything that is wrong with a run; with `url` the database is read as well."""
    shelves = {register.code: register.shelf for register in crowd.registers}
    found = [*answers.check(history), *goods.check(history, shelves), *money.check(history)]
    if url:
        books = ledger.read(url)
        found += [*ledger.check(books, history), *_told(history, len(books.movements))]
    return list(dict.fromkeys(found))


def _told(history: History, movements: int) -> list[str]:
    """The ledger of the API has every movement, and adds up to what lies on each shelf."""
    found = []
    if len(history.movements) != movements:
        found.append(f"the API tells {len(history.movements)} of {movements} movements")
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in history.movements:
        sums[row["from"], row["sku"], row["lot"]] -= row["quantity"]
        sums[row["to"], row["sku"], row["lot"]] += row["quantity"]
    for item in history.closing:
        for lot in item["lots"]:
            place = (item["location"], item["sku"], lot["lot"])
            if lot["on_hand"] != sums[place]:
                found.append(f"{place}: {lot['on_hand']} on hand, the ledger says {sums[place]}")
    return found


def figures(history: History) -> dict[str, object]:
    """What happened, in numbers."""
    done = Counter(call.kind for call in history.calls if call.done)
    refused = Counter(call.last.code for call in history.calls if not call.done and call.refused)
    lost = sum(attempt.is_doubtful for call in history.calls for attempt in call.attempts)
    slowest = max((one.end - one.start for call in history.calls for one in call.attempts), default=0.0)
    busy = Counter(one.code for call in history.calls for one in call.attempts if one.status >= 500)
    return {
        "calls": len(history.calls),
        "done": dict(done.most_common()),
        "refused": dict(refused.most_common()),
        "answers_lost": lost,
        "answers_5xx": dict(busy),
        "slowest_seconds": round(slowest, 2),
        "mishaps": dict(Counter(note.split()[1] for note in history.notes if note[0].isdigit())),
        "deadlocks": history.deadlocks,
    }
