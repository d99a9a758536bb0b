"""All pages of the back office under one address. The app loads them when the first is asked for."""

from importlib import import_module

from flask import Blueprint

from pos.errors import PosError
from pos.web.office import lists
from pos.web.office.faults import link_faults
from pos.web.office.gate import ask_who, frame, refuse

PAGES = (
    "gate",
    "home",
    "sales",
    "orders",
    "reversals",
    "arranging",
    "products",
    "pictures",
    "exchange",
    "stock",
    "transfers",
    "partners",
    "consignment",
    "sell_through",
    "outlet_files",
    "shelf_life",
    "supply",
    "counts",
    "labels",
    "reports",
    "payments",
    "found_money",
    "money_back",
    "signs",
    "settlements",
    "printing",
    "people",
    "devices",
    "printers",
    "outlets",
    "tokens",
    "settings",
    "appearance",
    "discounts",
    "practice",
    "audit",
)

bp = Blueprint("office", "pos.web.office", url_prefix="/back-office")
bp.before_request(ask_who)
bp.context_processor(frame)
bp.add_app_template_global(lists.address, "list_address")
bp.add_app_template_global(lists.filtered, "list_filtered")
bp.after_request(link_faults)
bp.register_error_handler(PosError, refuse)

for page in PAGES:
    bp.register_blueprint(import_module(f"pos.web.office.{page}").bp)
