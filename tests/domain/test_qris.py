"""QRIS payloads: read as they are, judged by every rule, filled in without touching anything else."""

import contextlib
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos.domain import qris
from tests.domain.vectors import field, seal, vectors

CASES = vectors("qris")
BASE = qris.demo_merchant()
FIT = [case["payload"] for case in CASES if case["verdict"] != "reject"]

# Looks enough like a payload to get deep into the reader.
nearly = st.lists(
    st.one_of(
        st.builds(
            lambda tag, value: f"{tag:02d}{len(value):02d}{value}", st.integers(0, 99), st.text(max_size=12)
        ),
        st.text("0123456789", max_size=6),
        st.sampled_from(FIT).map(lambda text: text[:40]),
    ),
    max_size=8,
).map("".join)
anything = st.one_of(st.text(max_size=80), st.text("0123456789 .|", max_size=60), nearly)


@st.composite
def damaged(draw):
    text = draw(st.sampled_from(FIT))
    at = draw(st.integers(0, len(text) - 1))
    kind = draw(st.sampled_from(["change", "drop", "double", "cut"]))
    if kind == "cut":
        return text[:at]
    middle = {"change": draw(st.characters()), "drop": "", "double": text[at] * 2}[kind]
    return text[:at] + middle + text[at + 1 :]


def crc_bit_by_bit(data):
    register = 0xFFFF
    for byte in data:
        for place in range(7, -1, -1):
            out = (register >> 15) ^ (byte >> place & 1)
            register = (register << 1) & 0xFFFF
            register ^= 0x1021 if out else 0
    return f"{register:04X}"


def test_the_checksum_has_the_published_check_values():
    assert qris.crc16("123456789") == "29B1"
    assert qris.crc16("") == "FFFF"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_checksum_is_the_one_of_the_standard_over_utf_8(text):
    assert qris.crc16(text) == crc_bit_by_bit(text.encode("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_payload_is_judged_as_it_deserves(case):
    found = qris.findings(case["payload"])
    assert [finding.code for finding in found] == case["codes"]
    errors = [finding for finding in found if finding.severity == "error"]
    assert ("reject" if errors else "warn" if found else "accept") == case["verdict"]
    assert qris.usable(case["payload"]) == (case["verdict"] != "reject")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_finding_can_be_said_in_words(case):
    for finding in qris.findings(case["payload"]):
        assert finding.text.endswith(".")
        assert "%(" not in finding.text


@pytest.mark.parametrize("payload", FIT)
def test_reading_and_writing_gives_the_same_text(payload):
    text = qris.clean(payload)
    assert qris.parse(text).dumps() == text


@given(anything)
@example("\ud800")
@example("00" * 300)
@example("0002\u0660\u0661")
def test_any_text_is_read_or_malformed_and_nothing_else(text):
    try:
        code = qris.parse(text)
    except qris.Malformed:
        assert not qris.usable(text)
    else:
        assert code.dumps() == text
        # Every question has an answer, however strange the code is.
        _ = (
            code.amount,
            code.nmid,
            code.merchant_name,
            code.city,
            code.accounts,
            code.acquirer,
            code.is_static,
        )


@given(anything)
@example("\ud800")
@example("0002016304\udfff\udfff\udfff\udfff")
def test_any_text_can_be_judged(text):
    assert qris.usable(text) == all(finding.severity != "error" for finding in qris.findings(text))


@given(damaged())
def test_a_damaged_code_is_read_exactly_or_malformed(text):
    with contextlib.suppress(qris.Malformed):
        assert qris.parse(text).dumps() == text
    qris.findings(text)


@given(st.sampled_from(FIT), st.integers(0, 511), st.sampled_from("0123456789ABCXYZabc"))
def test_one_wrong_character_never_gives_a_usable_code(payload, at, character):
    text = qris.clean(payload)
    at %= len(text)
    if text[at].upper() == character.upper() and at >= len(text) - 4:
        return
    wrong = text[:at] + character + text[at + 1 :]
    assert wrong == text or not qris.usable(wrong)


def test_what_a_code_says_can_be_asked():
    code = qris.parse(qris.demo_merchant(38_000))
    assert code.merchant_name == "Karya Lapas Tangerang"
    assert code.city == "TANGERANG"
    assert code.nmid == qris.DEMO_NMID
    assert code.amount == 38_000
    assert code.get("54") == "38000"
    assert code.get("62.07") == "A01"
    assert code.get("62.05") is None
    assert code.get("99.01") is None
    assert code.is_dynamic
    assert not code.is_static
    assert [account.mpan for account in code.accounts] == [qris.DEMO_ACCOUNT.mpan]


@pytest.mark.parametrize(
    ("mpan", "name"),
    [
        ("936000140012345678", "BCA"),
        ("936000080012345678", "Bank Mandiri"),
        ("936009140012345678", "GoPay"),
        ("936009150012345678", "DANA"),
        ("936000000012345678", None),
    ],
)
def test_the_acquirer_is_known_by_the_number_not_by_the_domain(mpan, name):
    payload = qris.build(
        name="Warung Contoh",
        city="TANGERANG",
        postal_code="15111",
        category="5499",
        accounts=[qris.AccountSpec("ID.DANA.WWW", mpan, "CONTOH01")],
        amount=1,
    )
    assert qris.parse(payload).acquirer == name


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("38000", 38_000),
        ("38000.", 38_000),
        ("38000.0", 38_000),
        ("38000.00", 38_000),
        ("38000.50", None),
        ("1.000", None),
    ],
)
def test_an_amount_is_whole_rupiah_or_nothing(text, amount):
    code = qris.Payload((qris.Field("00", "01"), qris.Field("54", text)))
    assert code.amount == amount


@given(st.integers(1, qris.MAX_QRIS))
def test_a_static_code_with_an_amount_put_in_asks_for_exactly_that(amount):
    made = qris.to_dynamic(BASE, amount)
    code = qris.parse(made)
    assert qris.findings(made) == []
    assert code.amount == amount
    assert code.get("01") == "12"
    assert made[-4:] == crc_bit_by_bit(made[:-4].encode())


@pytest.mark.parametrize("payload", [text for text in FIT if qris.parse(qris.clean(text)).is_static])
def test_putting_an_amount_in_changes_nothing_else(payload):
    before = qris.parse(qris.clean(payload))
    after = qris.parse(qris.to_dynamic(payload, 38_000))
    touched = {"01", "54", "55", "56", "57", "63"}
    assert [f for f in after.fields if f.tag not in touched] == [
        f for f in before.fields if f.tag not in touched
    ]
    tags = [field.tag for field in after.fields]
    assert tags[tags.index("53") + 1] == "54"
    assert not {"55", "56", "57"} & set(tags)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_only_a_sound_static_code_takes_an_amount(case):
    static = case["verdict"] != "reject" and qris.parse(qris.clean(case["payload"])).is_static
    if static:
        assert qris.parse(qris.to_dynamic(case["payload"], 1)).amount == 1
    else:
        with pytest.raises(qris.NotUsable):
            qris.to_dynamic(case["payload"], 1)


@pytest.mark.parametrize("amount", [0, -1, qris.MAX_QRIS + 1, 1.0, True, "1", None])
def test_an_amount_that_qris_cannot_carry_is_refused(amount):
    with pytest.raises(qris.NotUsable) as refused:
        qris.to_dynamic(BASE, amount)
    assert refused.value.code == "amount_range"


@given(anything)
def test_putting_an_amount_into_any_text_is_refused_kindly_or_works(text):
    with contextlib.suppress(qris.QrisError):
        assert qris.usable(qris.to_dynamic(text, 1))


def test_a_code_that_would_grow_too_long_is_refused_and_one_that_just_fits_is_made():
    fields = list(qris.parse(BASE).fields[:-1]) + [qris.Field(str(tag), "x" * 90) for tag in (80, 81, 82)]
    room = 512 - len("".join(item.dumps() for item in fields)) - 8 - 4
    fields.append(qris.Field("83", "x" * room))
    payload = seal(item.dumps() for item in fields)
    assert len(payload) == 512
    assert qris.usable(payload)
    grown = len(field("54", "1"))
    fitting = seal([*[item.dumps() for item in fields[:-1]], field("83", "x" * (room - grown))])
    assert len(qris.to_dynamic(fitting, 1)) == 512
    with pytest.raises(qris.NotUsable):
        qris.to_dynamic(fitting, 10)
    with pytest.raises(qris.NotUsable) as refused:
        qris.to_dynamic(payload, 1)
    assert refused.value.code == "too_long"


def test_the_merchant_of_the_demo_shop_is_well_formed_and_belongs_to_nobody():
    assert qris.findings(BASE) == []
    code = qris.parse(BASE)
    assert code.is_static
    assert code.acquirer is None
    assert code.accounts[0].mpan.startswith("93600000")
    assert qris.luhn_ok(code.accounts[0].mpan)
    assert qris.luhn_ok(code.nmid[2:])
    assert "EXAMPLE" in code.accounts[0].domain


def test_two_ways_to_the_same_code_agree():
    assert qris.to_dynamic(BASE, 38_000) == qris.demo_merchant(38_000)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": "N" * 26}, "value_too_long"),
        ({"name": ""}, "value_length"),
        ({"name": "Kedai é"}, "not_ascii"),
        ({"city": "C" * 16}, "value_too_long"),
        ({"category": "549"}, "mcc"),
        ({"accounts": []}, "account_missing"),
        ({"accounts": [qris.AccountSpec("COM.EXAMPLE.WWW", "93600000ABC", "M1")]}, "mpan"),
        ({"nmid": None}, "repository_missing"),
        ({"nmid": "ID1026000000005"}, "nmid_luhn"),
        ({"amount": 0}, "amount_range"),
        ({"reference": "R" * 26}, "value_too_long"),
        ({"terminal": "T" * 100}, "value_length"),
        ({"terminal": "T" * 96}, "value_length"),
    ],
    ids=str,
)
def test_nothing_with_a_fault_is_ever_made(wrong, code):
    right = {
        "name": "Warung Contoh",
        "city": "TANGERANG",
        "postal_code": "15111",
        "category": "5499",
        "accounts": [qris.DEMO_ACCOUNT],
        "nmid": qris.DEMO_NMID,
    }
    assert qris.findings(qris.build(**right)) == []
    if wrong.get("accounts") == []:
        wrong = {**wrong, "nmid": None, "amount": 1}
    with pytest.raises(qris.NotUsable) as refused:
        qris.build(**{**right, **wrong})
    assert refused.value.code == code


@given(st.text("0123456789", min_size=1, max_size=19), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_of_a_luhn_number_is_always_noticed(digits, at, by):
    number = digits + qris.luhn_digit(digits)
    at %= len(number)
    assert qris.luhn_ok(number)
    assert not qris.luhn_ok(number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :])


def test_reading_stays_quick_on_the_longest_text():
    text = "".join(random.Random(1).choices("0123456789", k=1_000_000))
    with pytest.raises(qris.Malformed) as refused:
        qris.parse(text)
    assert refused.value.code == "too_long"
