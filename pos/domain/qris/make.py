"""Write QRIS payloads: a static code with an amount put in, and codes of an invented merchant."""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.domain.qris.codec import MAX_LENGTH, Field, Payload, QrisError, clean, crc16, luhn_digit, parse
from pos.domain.qris.rules import MAX_QRIS, findings
from pos.domain.words import N_

_CHECKSUM = "6304"


class NotUsable(QrisError):
    """A payload, or a wish, from which no code to pay with can be made."""


def to_dynamic(payload: str, amount: int) -> str:
    """Put an amount into a static code and make it a code for one payment.

    A code with any error is refused, not repaired. The acquirer knows nothing of the new code: it never
    expires, and nobody reports its payment, so a person confirms it.
    """
    _check_amount(amount)
    code = _sound(clean(payload))
    if not code.is_static:
        raise NotUsable("not_static", N_("This is not a static code."))
    fields: list[Field] = []
    for field in code.fields:
        if field.tag == "01":
            fields.append(Field("01", "12"))
        elif field.tag == "53":
            fields += (field, Field("54", str(amount)))
        elif not "54" <= field.tag <= "57" and field.tag != "63":
            fields.append(field)
    made = _seal(fields)
    again = _sound(made)
    if again.amount != amount or again.dumps() != made:
        raise NotUsable("unsound", N_("The code could not be made."))
    return made


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """A merchant's account at one acquirer, as a code names it."""

    domain: str
    mpan: str
    merchant_id: str
    criteria: str = "UMI"


def build(
    *,
    name: str,
    city: str,
    postal_code: str,
    category: str,
    accounts: Sequence[AccountSpec],
    nmid: str | None = None,
    amount: int | None = None,
    terminal: str | None = None,
    reference: str | None = None,
) -> str:
    """Make a payload, static without an amount and dynamic with one; nothing with a finding comes out."""
    fields = [Field("00", "01"), Field("01", "11" if amount is None else "12")]
    for tag, account in enumerate(accounts, start=26):
        inner = {"00": account.domain, "01": account.mpan, "02": account.merchant_id, "03": account.criteria}
        fields.append(Field(str(tag), _template(inner)))
    if nmid is not None:
        criteria = accounts[0].criteria if accounts else "UMI"
        fields.append(Field("51", _template({"00": "ID.CO.QRIS.WWW", "02": nmid, "03": criteria})))
    fields += (Field("52", category), Field("53", "360"))
    if amount is not None:
        _check_amount(amount)
        fields.append(Field("54", str(amount)))
    fields += (Field("58", "ID"), Field("59", name), Field("60", city), Field("61", postal_code))
    extra = {tag: value for tag, value in (("05", reference), ("07", terminal)) if value is not None}
    if extra:
        fields.append(Field("62", _template(extra)))
    made = _seal(fields)
    for finding in findings(made):
        raise NotUsable(finding.code, finding.message, **finding.params)
    return made


# The demo shop's merchant. Well formed, so that every screen and every check works with it, and impossible
# outside: numbers 93600000 belong to no bank or wallet, and no merchant has the sequence 0.
DEMO_NAME = "Karya Lapas Tangerang"
DEMO_NMID = "ID" + "102600000000" + luhn_digit("102600000000")
DEMO_ACCOUNT = AccountSpec(
    domain="COM.EXAMPLE.WWW",
    mpan="936000000000000000" + luhn_digit("936000000000000000"),
    merchant_id="DEMO00000000001",
)


def demo_merchant(amount: int | None = None) -> str:
    """Make the static code of the demo shop's invented merchant, or with an amount a dynamic one."""
    return build(
        name=DEMO_NAME,
        city="TANGERANG",
        postal_code="15111",
        category="5499",
        accounts=[DEMO_ACCOUNT],
        nmid=DEMO_NMID,
        amount=amount,
        terminal="A01",
    )


def _check_amount(amount: int) -> None:
    if type(amount) is not int or not 1 <= amount <= MAX_QRIS:
        raise NotUsable("amount_range", N_("A QRIS payment is from Rp 1 to Rp 10.000.000."))


def _sound(text: str) -> Payload:
    for finding in findings(text):
        if finding.severity == "error":
            raise NotUsable(finding.code, finding.message, **finding.params)
    return parse(text)


def _template(inner: dict[str, str]) -> str:
    return "".join([_field(tag, value) for tag, value in inner.items()])


def _field(tag: str, value: str) -> str:
    if not 1 <= len(value) <= 99:
        raise NotUsable("value_length", N_("Tag %(tag)s must have 1 to 99 characters."), tag=tag)
    return Field(tag, value).dumps()


def _seal(fields: Sequence[Field]) -> str:
    """Write the fields and the checksum over all of them."""
    text = "".join([_field(field.tag, field.value) for field in fields]) + _CHECKSUM
    if len(text) + 4 > MAX_LENGTH:
        raise NotUsable("too_long", N_("The code is longer than %(most)s characters."), most=str(MAX_LENGTH))
    return text + crc16(text)
