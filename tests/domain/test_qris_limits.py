"""The limits of QRIS payloads: each length up to its last character, each tag at the edge of its range."""

import pytest

from pos.domain import qris
from tests.domain.vectors import field, seal

RIGHT = {
    "00": "01",
    "01": "12",
    "26": "0015COM.EXAMPLE.WWW0112936000001234021012345678900303UMI",
    "52": "5499",
    "53": "360",
    "54": "38000",
    "58": "ID",
    "59": "Warung Contoh",
    "60": "TANGERANG",
    "61": "15111",
}


def sealed(**changes):
    """A sound dynamic code with some tags (`t59="..."`) changed, added or taken out, and a right checksum."""
    tags = {**RIGHT, **{tag[1:]: value for tag, value in changes.items()}}
    return seal(field(tag, value) for tag, value in sorted(tags.items()) if value is not None)


def account(domain="COM.EXAMPLE.WWW", mpan="936000001234", merchant="M1", criteria="UMI"):
    return field("00", domain) + field("01", mpan) + field("02", merchant) + field("03", criteria)


def codes(payload):
    return [finding.code for finding in qris.findings(payload)]


@pytest.mark.parametrize(
    ("most", "tag", "code_with"),
    [
        (25, "59", lambda value: sealed(t59=value)),
        (15, "60", lambda value: sealed(t60=value)),
        (10, "61", lambda value: sealed(t61=value)),
        (32, "26.00", lambda value: sealed(t26=account(domain=value))),
        (15, "26.02", lambda value: sealed(t26=account(merchant=value))),
        (25, "62.01", lambda value: sealed(t62=field("01", value))),
        (25, "62.08", lambda value: sealed(t62=field("08", value))),
    ],
)
def test_a_value_may_be_as_long_as_its_limit_and_longer_only_with_a_warning(most, tag, code_with):
    assert codes(code_with("9" * most)) == []
    (finding,) = qris.findings(code_with("9" * (most + 1)))
    assert (finding.code, finding.severity, finding.tag) == ("value_too_long", "warning", tag)
    assert finding.text == f"Tag {tag} is longer than {most} characters."


def test_scheme_data_beyond_tag_62_08_may_fill_the_template():
    assert codes(sealed(t62=field("09", "AME") + field("50", "x" * 60))) == []


def test_an_account_number_has_nineteen_digits_at_most():
    nineteen = "936000000000000017" + qris.luhn_digit("936000000000000017")
    assert codes(sealed(t26=account(mpan=nineteen))) == []
    assert codes(sealed(t26=account(mpan=nineteen + "0"))) == ["mpan"]


@pytest.mark.parametrize("tag", ["02", "25", "26", "45", "51"])
def test_one_account_of_any_kind_is_enough(tag):
    value = {"02": "4000123456789010", "25": "123"}.get(tag, account())
    if tag == "51":
        value = field("00", "ID.CO.QRIS.WWW") + field("02", qris.DEMO_NMID)
    assert "account_missing" not in codes(sealed(**{"t26": None, f"t{tag}": value}))


@pytest.mark.parametrize("tag", ["46", "50", "64", "65"])
def test_what_is_no_account_does_not_stand_in_for_one(tag):
    assert codes(sealed(t26=None, **{f"t{tag}": field("00", "ID")})) == ["account_missing"]


@pytest.mark.parametrize(("tag", "counts"), [("25", False), ("26", True), ("45", True), ("46", False)])
def test_accounts_are_those_of_domestic_acquirers(tag, counts):
    code = qris.parse(sealed(**{"t26": None, f"t{tag}": account()}))
    assert [found.tag for found in code.accounts] == ([tag] if counts else [])


@pytest.mark.parametrize("tag", ["26", "45", "46", "51", "62", "64"])
def test_a_template_that_cannot_be_walked_is_an_error(tag):
    assert "template_malformed" in codes(sealed(**{f"t{tag}": "garbage"}))


@pytest.mark.parametrize("tag", ["02", "25", "65", "80"])
def test_a_plain_or_unknown_value_need_not_be_a_template(tag):
    assert codes(sealed(**{f"t{tag}": "garbage"})) == []


@pytest.mark.parametrize(
    "changes", [{"t59": "A|B"}, {"t60": "A|B"}, {"t61": "A|B"}, {"t26": account(merchant="A|B")}]
)
def test_a_forbidden_bar_is_warned_of(changes):
    assert codes(sealed(**changes)) == ["pipe"]


def test_an_amount_has_thirteen_characters_at_most():
    assert codes(sealed(t54="0000010000.00")) == []
    assert qris.parse(sealed(t54="0000010000.00")).amount == 10_000
    assert codes(sealed(t54="00000010000.00")) == ["amount_format"]
    assert qris.parse(sealed(t54="00000010000.00")).amount is None


def test_a_refusal_says_where_the_text_stops_being_a_code():
    with pytest.raises(qris.Malformed) as refused:
        qris.parse("000201xx")
    assert str(refused.value) == "No tag of two digits at character 7."


def test_a_code_has_five_hundred_and_twelve_characters_at_most():
    with pytest.raises(qris.Malformed) as refused:
        qris.parse("x" * 513)
    assert refused.value.code == "too_long"
    with pytest.raises(qris.Malformed) as refused:
        qris.parse("x" * 512)
    assert refused.value.code == "bad_tag"


def test_several_accounts_stand_in_a_row_from_tag_26():
    accounts = [qris.AccountSpec("COM.EXAMPLE.WWW", "936000001234", f"M{number}") for number in (1, 2)]
    made = qris.build(
        name="Warung Contoh",
        city="TANGERANG",
        postal_code="15111",
        category="5499",
        accounts=accounts,
        amount=1,
    )
    assert [(found.tag, found.merchant_id) for found in qris.parse(made).accounts] == [
        ("26", "M1"),
        ("27", "M2"),
    ]


def test_a_value_of_ninety_nine_characters_is_passed_on_when_an_amount_is_put_in():
    static = seal(
        [*[item.dumps() for item in qris.parse(qris.demo_merchant()).fields[:-1]], field("80", "x" * 99)]
    )
    assert qris.parse(qris.to_dynamic(static, 1)).get("80") == "x" * 99


@pytest.mark.parametrize(
    ("digits", "last"),
    [
        ("7992739871", "3"),
        ("0", "0"),
        ("1", "8"),
        ("2", "6"),
        ("3", "4"),
        ("4", "2"),
        ("5", "9"),
        ("6", "7"),
        ("9", "1"),
    ],
)
def test_luhn_digits_are_the_published_ones(digits, last):
    assert qris.luhn_digit(digits) == last
    assert qris.luhn_ok(digits + last)
