"""Which help belongs to which screen, and the order of the contents."""

from pos.errors import N_

_TILL = "till opening paying discount qris holding today shift trouble kiosk display screen"
_SHOP = "home sales sale reversal orders products product till-order import"
_GOODS = (
    "stock movements receive adjust papers transfers counts counting expiring lot make-more sources permits "
    "value labels"
)
_PARTNERS = "partners deliver sell-through return statement outlet-files"
_MONEY = "reports day shift-report payments by-hand found-money money-back signs settlements fees"
_HOUSE = "printing people devices outlet printers tokens settings ready-discounts receipt practice audit pin"

CONTENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("At the till"), tuple(_TILL.split())),
    (N_("Sales and products"), tuple(_SHOP.split())),
    (N_("Goods"), tuple(_GOODS.split())),
    (N_("Partners"), tuple(_PARTNERS.split())),
    (N_("Money"), tuple(_MONEY.split())),
    (N_("The house"), tuple(_HOUSE.split())),
)
"""The parts of the contents with their topics; every topic is a file in each language's folder."""

TOPICS = frozenset(topic for _, topics in CONTENTS for topic in topics)

_OF_SECTION = {
    "gate": "pin",
    "home": "home",
    "sales": "sales",
    "orders": "orders",
    "reversals": "reversal",
    "products": "products",
    "arranging": "till-order",
    "pictures": "product",
    "exchange": "import",
    "labels": "labels",
    "stock": "stock",
    "transfers": "transfers",
    "counts": "counts",
    "partners": "partners",
    "consignment": "deliver",
    "sell_through": "sell-through",
    "outlet_files": "outlet-files",
    "shelf_life": "expiring",
    "supply": "make-more",
    "reports": "reports",
    "payments": "payments",
    "found_money": "found-money",
    "money_back": "money-back",
    "signs": "signs",
    "settlements": "settlements",
    "printing": "printing",
    "people": "people",
    "devices": "devices",
    "printers": "printers",
    "outlets": "outlet",
    "tokens": "tokens",
    "settings": "settings",
    "discounts": "ready-discounts",
    "appearance": "receipt",
    "practice": "practice",
    "audit": "audit",
}
_OF_SCREEN = {
    **dict.fromkeys(("sales.sale", "sales.reprint"), "sale"),
    **dict.fromkeys(("products.new", "products.add", "products.product", "products.change"), "product"),
    "products.set_price": "product",
    "stock.movements": "movements",
    **dict.fromkeys(("stock.receive", "stock.do_receive"), "receive"),
    **dict.fromkeys(("stock.adjust", "stock.do_adjust"), "adjust"),
    **dict.fromkeys(("stock.papers", "stock.paper", "stock.print_labels"), "papers"),
    **dict.fromkeys(("counts.show", "counts.tally"), "counting"),
    "shelf_life.lot": "lot",
    **dict.fromkeys(("supply.sources", "supply.add_source", "supply.change_source"), "sources"),
    **dict.fromkeys(("supply.permits", "supply.set_permits"), "permits"),
    "supply.value": "value",
    "consignment.statement": "statement",
    **dict.fromkeys(("consignment.returned", "consignment.take_back", "consignment.return_note"), "return"),
    "reports.of_day": "day",
    **dict.fromkeys(("reports.shift", "reports.print_shift"), "shift-report"),
    "payments.by_hand": "by-hand",
    **dict.fromkeys(("settlements.fees", "settlements.set_fees"), "fees"),
}
"""Screens that have a help of their own within their section."""


def topic_of(endpoint: str) -> str | None:
    """Return the help of a screen of the back office by its endpoint; None when it has none."""
    screen = endpoint.removeprefix("office.")
    return _OF_SCREEN.get(screen) or _OF_SECTION.get(screen.partition(".")[0])
