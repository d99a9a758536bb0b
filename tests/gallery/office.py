"""Every page of the back office as it is when it opens."""

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Stage

FIRST = {
    "sale": "SELECT id FROM sale WHERE status = 'completed' AND number LIKE 'K1%' AND id NOT IN"
    " (SELECT sale_id FROM refund) ORDER BY completed_at DESC LIMIT 1",
    "refunded": "SELECT sale_id FROM refund ORDER BY id DESC LIMIT 1",
    "shift": "SELECT id FROM shift WHERE status = 'closed' ORDER BY opened_at DESC LIMIT 1",
    "payment": "SELECT id FROM payment WHERE status = 'late' LIMIT 1",
    "settlement": "SELECT id FROM settlement_file LIMIT 1",
    "count": "SELECT id FROM stock_count ORDER BY started_at DESC LIMIT 1",
    "transfer": "SELECT id FROM stock_transfer ORDER BY id DESC LIMIT 1",
    "paper": "SELECT id FROM stock_paper ORDER BY id DESC LIMIT 1",
    "report": "SELECT id FROM consignment_sale ORDER BY id DESC LIMIT 1",
    "returned": "SELECT id FROM consignment_return ORDER BY id DESC LIMIT 1",
    "person": "SELECT id FROM user_account WHERE name = 'Sari'",
    "outlet": "SELECT id FROM outlet ORDER BY id LIMIT 1",
    "register": "SELECT id FROM register ORDER BY id LIMIT 1",
    "discount": "SELECT id FROM discount_preset ORDER BY id LIMIT 1",
}
"""What {name} in an address stands for."""

PAGES = {
    "home": "",
    "audit": "audit/",
    "audit-entry": "audit/K1/3",
    "devices": "devices/",
    "outlet": "devices/outlets/{outlet}",
    "outlet-new": "devices/outlets/new",
    "register": "devices/registers/{register}",
    "register-new": "devices/registers/new",
    "printers": "devices/printers/",
    "printer-new": "devices/printers/new",
    "printer-test": "devices/printers/test/kasir",
    "token-new": "devices/tokens/new",
    "orders": "orders/",
    "labels": "labels/KTO-100",
    "payments": "payments/",
    "payment": "payments/{payment}",
    "payments-back": "payments/back/",
    "payments-by-hand": "payments/by-hand",
    "payments-found": "payments/found/",
    "payments-sign": "payments/sign/",
    "people": "people/",
    "person": "people/{person}",
    "pin": "pin",
    "printing": "printing/",
    "products": "products/",
    "product": "products/KTO-100",
    "products-order": "products/order/",
    "discounts": "settings/discounts/",
    "discount": "settings/discounts/{discount}",
    "discount-new": "settings/discounts/new",
    "product-new": "products/new",
    "products-import": "products/import",
    "reports": "reports/",
    "report-day": "reports/day",
    "report-shift": "reports/shifts/{shift}",
    "sales": "sales/",
    "sale": "sales/{sale}",
    "sale-refunded": "sales/{refunded}",
    "sale-refund": "sales/{sale}/refund",
    "sale-void": "sales/{sale}/void",
    "settings": "settings/",
    "settings-receipt": "settings/receipt/",
    "settlements": "settlements/",
    "settlement": "settlements/{settlement}",
    "settlement-match": "settlements/{settlement}/rows/5",
    "settlement-fees": "settlements/fees",
    "settlement-import": "settlements/import",
    "stock": "stock/",
    "stock-adjust": "stock/adjust",
    "stock-counts": "stock/counts/",
    "stock-count": "stock/counts/{count}",
    "stock-expiring": "stock/expiring",
    "stock-make-more": "stock/make-more",
    "stock-minimums": "stock/minimums",
    "stock-movements": "stock/movements/KTO-100",
    "stock-outlet-files": "stock/outlet-files/",
    "stock-papers": "stock/papers",
    "stock-paper": "stock/papers/{paper}",
    "stock-permits": "stock/permits/KTO-100",
    "stock-receive": "stock/receive",
    "stock-sources": "stock/sources",
    "stock-transfers": "stock/transfers/",
    "stock-transfer": "stock/transfers/{transfer}",
    "stock-transfer-new": "stock/transfers/new",
    "stock-value": "stock/value",
    "partners": "stock/partners/",
    "partner": "stock/partners/MITRA",
    "partner-new": "stock/partners/new",
    "partner-edit": "stock/partners/MITRA/edit",
    "partner-deliver": "stock/partners/MITRA/deliver",
    "partner-prices": "stock/partners/MITRA/prices",
    "partner-report": "stock/partners/MITRA/report",
    "partner-return": "stock/partners/MITRA/return",
    "partner-statement": "stock/partners/MITRA/statement",
    "partner-sold": "stock/partners/reports/{report}",
    "partner-returned": "stock/partners/returns/{returned}",
}


def show(name: str, address: str) -> None:
    """Add a page of the back office that is there when it is asked for."""

    @scenes(f"office-{name}", phone=True, whole=True)
    def page(stage: Stage) -> Shots:
        found = {key: stage.row(query) for key, query in FIRST.items() if f"{{{key}}}" in address}
        stage.office(address.format(**found))
        yield f"office-{name}"


for _name, _address in PAGES.items():
    show(_name, _address)
