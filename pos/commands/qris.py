"""QRIS codes in words: `pos qris inspect`; the simulator: `pos qris simulate`."""

from typing import Any

import click
from babel.support import NullTranslations, Translations

from pos.commands.base import echo_json, filled, one_line_errors
from pos.commands.simulate import simulate
from pos.domain.qris import Finding, Malformed, Payload, clean, findings, parse
from pos.errors import N_
from pos.paths import PACKAGE
from pos.settings import load


@click.group()
def qris() -> None:
    """QRIS codes."""


qris.add_command(simulate)


@qris.command("inspect")
@click.argument("payload")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def qris_inspect(payload: str, as_json: bool) -> None:
    """Explain the QRIS code PAYLOAD; exit status 1 when it must not be used to take a payment.

    Put -- before the payload, and quotation marks around it.
    """
    language = load().locale
    found = findings(payload)
    good = not any(finding.severity == "error" for finding in found)
    try:
        code: Payload | None = parse(clean(payload))
    except Malformed:
        code = None
    words = _words(language)
    if as_json:
        echo_json(_described(code, found, good, words))
    else:
        _explain(code, found, good, words)
    if not good:
        errors = [finding for finding in found if finding.severity == "error"]
        raise click.ClickException(f"{words.gettext(UNUSABLE)} {_said(errors[0], words)}")


GOOD = N_("This code can take payments.")
UNUSABLE = N_("This code must not be used to take a payment.")
LABELS = {
    "kind": N_("Kind"),
    "merchant": N_("Merchant"),
    "city": N_("City"),
    "nmid": N_("National merchant id"),
    "acquirer": N_("Acquirer"),
    "amount": N_("Amount"),
}
STATIC = N_("static: the payer types the amount")
DYNAMIC = N_("dynamic: made for one payment")


def _words(language: str) -> NullTranslations:
    from pos.translations.compile import ensure_compiled

    ensure_compiled()
    return Translations.load(PACKAGE / "translations", [language]) if language != "en" else NullTranslations()


def _said(finding: Finding, words: NullTranslations) -> str:
    return filled(words.gettext(finding.message), finding.params)


def _explain(code: Payload | None, found: list[Finding], good: bool, words: NullTranslations) -> None:
    if code is not None:
        facts = {
            "kind": words.gettext(STATIC if code.is_static else DYNAMIC),
            "merchant": code.merchant_name,
            "city": code.city,
            "nmid": code.nmid,
            "acquirer": code.acquirer,
            "amount": code.amount,
        }
        for name, value in facts.items():
            if value not in (None, ""):
                click.echo(f"{words.gettext(LABELS[name])}: {value}")
    for finding in found:
        click.echo(f"- [{finding.severity} {finding.tag}] {_said(finding, words)}")
    if good:
        click.echo(words.gettext(GOOD))


def _described(
    code: Payload | None, found: list[Finding], good: bool, words: NullTranslations
) -> dict[str, Any]:
    return {
        "usable": good,
        "static": None if code is None else code.is_static,
        "merchant_name": None if code is None else code.merchant_name,
        "city": None if code is None else code.city,
        "nmid": None if code is None else code.nmid,
        "acquirer": None if code is None else code.acquirer,
        "amount": None if code is None else code.amount,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "tag": finding.tag,
                "message": _said(finding, words),
            }
            for finding in found
        ],
    }
