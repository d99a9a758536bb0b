"""Checking printed QRIS signs against the shop's merchant: sticker fraud."""

import pytest

from pos.domain import qris
from pos.domain.qris.compare import compare
from pos.operations.verify import verify
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both

OURS = qris.demo_merchant()
OTHER_NMID = "ID" + "102600000001" + qris.luhn_digit("102600000001")
THEIRS = qris.AccountSpec(
    "COM.EXAMPLE.WWW", "936000000000000001" + qris.luhn_digit("936000000000000001"), "DEMO00000000002"
)


def sign(
    name: str = qris.DEMO_NAME, nmid: str = qris.DEMO_NMID, account: qris.AccountSpec = qris.DEMO_ACCOUNT
) -> str:
    return qris.build(
        name=name, city="TANGERANG", postal_code="15111", category="5499", accounts=[account], nmid=nmid
    )


def test_our_own_sign_is_ours_however_it_was_printed() -> None:
    for payload in (OURS, f"  {OURS}\r\n", sign(name="KARYA LAPAS TGR")):
        assert compare(OURS, payload).outcome == "same", payload
    assert [row.name for row in compare(OURS, sign(name="KARYA LAPAS TGR")).differs] == ["name"]


@pytest.mark.parametrize(
    ("payload", "differs"),
    [
        (sign(account=THEIRS), {"mpan", "merchant_id"}),
        (sign(nmid=OTHER_NMID), {"nmid"}),
        (
            sign(name="Toko Lain", nmid=OTHER_NMID, account=THEIRS),
            {"name", "nmid", "mpan", "merchant_id"},
        ),
    ],
)
def test_a_sign_that_pays_elsewhere_is_another_merchant_whatever_name_it_shows(
    payload: str, differs: set[str]
) -> None:
    found = compare(OURS, payload)
    assert found.outcome == "other"
    assert {row.name for row in found.differs} == differs


def test_an_acquirer_that_leaves_the_check_digit_out_is_the_same_account() -> None:
    short = qris.AccountSpec(
        qris.DEMO_ACCOUNT.domain, qris.DEMO_ACCOUNT.mpan[:-1], qris.DEMO_ACCOUNT.merchant_id
    )
    assert compare(OURS, sign(account=short)).outcome == "same"


@pytest.mark.parametrize(
    "payload",
    [OURS[:-1] + "0", OURS[:40], "https://example.com", "", "WIFI:S:toko;;", OURS.replace("Karya", "Warya")],
)
def test_what_no_app_can_pay_is_no_code(payload: str) -> None:
    assert compare(OURS, payload).outcome == "no_code"


def test_a_code_for_transfers_is_said_to_be_one() -> None:
    fields = [field.dumps() for field in qris.parse(OURS).fields if field.tag not in ("62", "63")]
    text = "".join([*fields, "62080804BOOK", "6304"])
    assert compare(OURS, text + qris.crc16(text)).outcome == "transfer"


def test_a_code_of_ours_with_an_amount_is_ours_with_a_warning() -> None:
    found = compare(OURS, qris.to_dynamic(OURS, 25_000))
    assert (found.outcome, [note.code for note in found.notes]) == ("same", ["fixed_amount"])


@both
def test_a_check_is_shown_large_and_kept_in_the_books(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    assert "No sign was checked yet." in person.see("payments/sign/")
    form = {"scanned": sign(account=THEIRS), "place": "meja K1", "form_id": person.value("form_id")}
    said = person.send("payments/sign/", form)
    assert "ANOTHER MERCHANT meja K1" in said
    assert "Take the sign down now. Tell the supervisor." in said
    assert 'role="alert"' in person.source
    before = shop.rows()
    assert "ANOTHER MERCHANT meja K1" in person.send("payments/sign/", form)
    assert shop.changed(before) == {}
    assert "Our merchant" in person.send("payments/sign/", {"scanned": OURS})
    said = office("Pemeriksa").see("payments/sign/")
    assert said.index("Pengawas – Our merchant") < said.index("Pengawas meja K1 ANOTHER MERCHANT")
    assert "Check the sign" not in said
    auditor = office("Pemeriksa")
    auditor.see("audit/?book=OFFICE")
    assert "QRIS sign checked" in auditor.text
    with shop.app.app_context():
        assert verify().problems == []


def test_what_can_not_be_read_keeps_the_text_that_was_typed(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    before = shop.rows()
    person.send("payments/sign/", {"scanned": "  ", "place": "meja 1"}, status=422)
    assert person.fault("scanned") == "Fill this in."
    assert person.value("place") == "meja 1"
    person.send("payments/sign/", {"scanned": "x" * 601, "place": "y" * 61}, status=422)
    assert person.fault("scanned")
    assert shop.changed(before) == {}
    said = person.send("payments/sign/", {"scanned": "<script>\u0000alert(1)</script>"})
    assert "No payment code" in said
    assert "<script>alert" not in person.source


def test_a_shop_without_a_merchant_qris_says_so(office: Office, shop: Shop) -> None:
    person = office("Manajer")
    person.send("payments/sign/", {"scanned": OURS})
    shop.settings(merchant_qris="")
    said = person.see("payments/sign/")
    assert "The shop's merchant QRIS is not set." in said
    assert "Check the sign" not in said
    before = shop.rows()
    assert "not set" in person.send("payments/sign/", {"scanned": OURS}, status=409)
    assert shop.changed(before) == {}
    assert "The shop's merchant QRIS is not set." in person.see("payments/")
    ready = shop.get("/readyz", who=None)
    assert (ready.status, ready["qris"]["ok"], ready["qris"]["provider"]) == (200, False, "static")


def test_an_address_that_names_no_check_shows_none(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    for made in (new_id(), "x", ""):
        assert "The sign beside our merchant" not in person.see(f"payments/sign/?check={made}")
