"""Which role sees which page, and that reading is all an auditor does."""

import pytest

from tests.factories import Shop
from tests.web.office.conftest import Office
from tests.web.office.person import Person

EVERYBODY = {"Manajer", "Pengawas", "Bendahara", "Pemeriksa"}
MAY = {
    "": EVERYBODY,
    "sales/": EVERYBODY,
    "orders/": EVERYBODY,
    "sales/{sale}": EVERYBODY,
    "sales/{sale}/void": {"Manajer", "Pengawas"},
    "sales/{sale}/refund": {"Manajer", "Pengawas"},
    "products/": EVERYBODY,
    "products/KTO-100": EVERYBODY,
    "products/new": {"Manajer"},
    "stock/": EVERYBODY,
    "stock/expiring": EVERYBODY,
    "stock/movements/KTO-100": EVERYBODY,
    "labels/KTO-100": EVERYBODY,
    "stock/receive": {"Manajer", "Pengawas"},
    "stock/adjust": {"Manajer", "Pengawas"},
    "stock/papers": EVERYBODY,
    "stock/transfers/": EVERYBODY,
    "stock/transfers/new": {"Manajer", "Pengawas"},
    "stock/counts/": EVERYBODY,
    "stock/make-more": EVERYBODY,
    "stock/minimums": {"Manajer", "Pengawas"},
    "stock/sources": EVERYBODY,
    "stock/permits/KTO-100": {"Manajer"},
    "stock/value": EVERYBODY,
    "reports/": EVERYBODY,
    "reports/day": EVERYBODY,
    "reports/shifts/{shift}": EVERYBODY,
    "payments/": EVERYBODY,
    "payments/{payment}": EVERYBODY,
    "payments/found/": EVERYBODY,
    "payments/found/{payment}/attach": EVERYBODY - {"Pemeriksa"},
    "payments/found/{payment}/give-back": EVERYBODY - {"Pemeriksa"},
    "payments/found/{payment}/keep": EVERYBODY - {"Pemeriksa"},
    "payments/back/": EVERYBODY,
    "payments/by-hand": EVERYBODY,
    "payments/sign/": EVERYBODY,
    "printing/": EVERYBODY,
    "people/": {"Manajer", "Pemeriksa"},
    "people/1": {"Manajer", "Pemeriksa"},
    "devices/": {"Manajer", "Pemeriksa"},
    "devices/outlets/new": {"Manajer"},
    "devices/outlets/1": {"Manajer"},
    "devices/registers/new": {"Manajer"},
    "devices/registers/1": {"Manajer"},
    "devices/tokens/new": {"Manajer"},
    "devices/printers/": {"Manajer"},
    "devices/printers/new": {"Manajer"},
    "settings/receipt/": {"Manajer"},
    "settings/": {"Manajer", "Pemeriksa"},
    "audit/": {"Manajer", "Pemeriksa"},
    "audit/OFFICE/1": {"Manajer", "Pemeriksa"},
}
"""Page by page, who may open it."""

FORMS = {
    "products/new": {"Manajer"},
    "products/KTO-100": {"Manajer"},
    "products/KTO-100/price": {"Manajer"},
    "products/KTO-100/picture": {"Manajer"},
    "stock/receive": {"Manajer", "Pengawas"},
    "stock/adjust": {"Manajer", "Pengawas"},
    "stock/transfers/new": {"Manajer", "Pengawas"},
    "stock/counts/": {"Manajer", "Pengawas"},
    "stock/expiring": {"Manajer", "Pengawas"},
    "stock/minimums": {"Manajer", "Pengawas"},
    "stock/sources": {"Manajer", "Pengawas"},
    "stock/permits/KTO-100": {"Manajer"},
    "sales/{sale}/void": {"Manajer", "Pengawas"},
    "sales/{sale}/refund": {"Manajer", "Pengawas"},
    "sales/{sale}/reprint": {"Manajer", "Pengawas"},
    "reports/shifts/{shift}/print": {"Manajer", "Pengawas"},
    "payments/found/{payment}/keep": {"Manajer", "Pengawas"},
    "payments/sign/": {"Manajer", "Pengawas"},
    "printing/{job}/retry": {"Manajer", "Pengawas"},
    "printing/{job}/resolve": {"Manajer", "Pengawas"},
    "people/": {"Manajer"},
    "people/1": {"Manajer"},
    "people/1/pin": {"Manajer"},
    "devices/registers/1/code": {"Manajer"},
    "devices/browsers/1/release": {"Manajer"},
    "devices/locations": {"Manajer"},
    "devices/outlets/new": {"Manajer"},
    "devices/outlets/1": {"Manajer"},
    "devices/registers/new": {"Manajer"},
    "devices/registers/1": {"Manajer"},
    "devices/tokens/new": {"Manajer"},
    "devices/tokens/1/revoke": {"Manajer"},
    "devices/printers/new": {"Manajer"},
    "devices/printers/edit/kasir": {"Manajer"},
    "devices/printers/remove/kasir": {"Manajer"},
    "devices/printers/test/kasir": {"Manajer"},
    "devices/printers/drawer/kasir": {"Manajer"},
    "labels/KTO-100": {"Manajer", "Pengawas"},
    "settings/": {"Manajer"},
    "settings/receipt/": {"Manajer"},
    "settings/receipt/preview": {"Manajer"},
}
"""Form by form, who may send it."""


@pytest.fixture
def day(till: Shop) -> dict[str, str]:
    """What an open till with one sale is called in addresses."""
    till.sell({"KTO-100": 1}, qris=True)
    (payment,) = till.get("/payments")["items"]
    sale = till.sell({"KTO-100": 1})
    shift = till.get("/shifts/current?register=K1")["id"]
    job = till.get("/print-jobs")["items"][0]["id"]
    return {"sale": sale["id"], "shift": shift, "job": job, "payment": payment["id"]}


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_each_role_sees_its_pages_and_a_calm_refusal_elsewhere(
    office: Office, day: dict[str, str], name: str
) -> None:
    person = office(name)
    for page, those in MAY.items():
        said = person.see(page.format(**day), status=200 if name in those else 403)
        if name not in those:
            assert "This is not allowed" in said
            assert f"You are signed in as {name}" in said


@pytest.mark.parametrize("name", sorted(EVERYBODY - {"Manajer"}))
def test_a_form_that_a_role_may_not_send_changes_nothing(
    office: Office, till: Shop, day: dict[str, str], name: str
) -> None:
    person = office(name)
    before = till.rows()
    for address, those in FORMS.items():
        if name not in those:
            person.send(address.format(**day), {"name": "x", "reason": "x", "role": "manager"}, status=403)
    assert till.changed(before) == {}


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_the_menu_names_only_pages_that_open(office: Office, name: str) -> None:
    person = office(name)
    person.see("")
    for page in ("people/", "devices/", "settings/", "audit/"):
        assert (f'href="/back-office/{page}"' in person.source) == (name in MAY[page])


def test_an_auditor_finds_no_button_that_changes_anything(office: Office, day: dict[str, str]) -> None:
    person = office("Pemeriksa")
    for page, those in MAY.items():
        if "Pemeriksa" not in those:
            continue
        person.see(page.format(**day))
        posts = [
            line for line in person.source.splitlines() if 'method="post"' in line and "/language" not in line
        ]
        allowed = ('action="/back-office/sign-out"', 'action="/back-office/settings/"')
        assert [line for line in posts if not any(known in line for known in allowed)] == []
    person.see("settings/")
    assert ">Save<" not in person.source


def test_nobody_sees_anything_without_signing_in(anybody: Person, day: dict[str, str]) -> None:
    for page in MAY:
        answer = anybody.client.get(f"/back-office/{page.format(**day)}")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/back-office/sign-in")
    for form in FORMS:
        answer = anybody.client.post(f"/back-office/{form.format(**day)}")
        assert answer.status_code in (302, 403)
