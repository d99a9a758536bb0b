"""The pretend buyer and the pretend bank by command: `pos qris simulate`."""

import time
from collections.abc import Callable
from typing import Any

import click

from pos import clock
from pos.commands.base import echo_json, one_line_errors
from pos.domain.money import dotted
from pos.payments.simulator_bank import Bank
from pos.payments.simulator_books import NOTIFY, REORDERED_AFTER, SLOW_SECONDS, TROUBLES, CodeView, Ways
from pos.payments.simulator_courier import deliver_due
from pos.settings import load

REF = click.argument("ref", default="last", metavar="[REF]")


@click.group()
def simulate() -> None:
    """Play the buyer and the bank of the QRIS simulator. No real money moves.

    REF is a code's number as `list` shows it, one of its references, or `last` (the newest), which is also
    meant when it is left out. The page /simulator of the running server does the same.
    """


def _bank() -> Bank:
    settings = load()
    bank = Bank(settings.data_dir)
    if not bank.exists and settings.qris.provider != "simulator":
        raise click.ClickException(
            f"No simulator was used in {settings.data_dir}. Run pos demo, or set qris.provider to simulator."
        )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return bank


@simulate.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def simulate_list(as_json: bool) -> None:
    """Show the newest codes, newest first, and how the pretend bank behaves."""
    bank = _bank()
    ways, codes = bank.ways(), bank.codes()
    if as_json:
        echo_json({**_ways(ways), "codes": [_described(code) for code in codes]})
        return
    slow = f" {ways.slow:g} s" if ways.trouble == "slow" else ""
    auto = "off" if ways.auto is None else f"after {ways.auto:g} s"
    click.echo(f"notifications: {ways.notify}; trouble: {ways.trouble}{slow}; pays by itself: {auto}")
    if not codes:
        click.echo("No code was made yet.")
    for code in codes:
        paid = ", ".join(f"{dotted(money.amount)} ({money.reference})" for money in code.money)
        click.echo(
            f"{code.number:>4}  {code.state:<9}  Rp {dotted(code.amount):>10}  {code.register:<4}"
            f"  {_age(code):>8}  {code.our_reference}{'  paid ' + paid if paid else ''}"
        )


@simulate.command("pay")
@REF
@click.option("--amount", type=click.IntRange(1), help="Rupiah, another amount than the code asks for.")
@one_line_errors
def simulate_pay(ref: str, amount: int | None) -> None:
    """Pay a code that is waited for."""
    _do(ref, lambda bank, number: bank.pay(number, amount))


@simulate.command("pay-late")
@REF
@one_line_errors
def simulate_pay_late(ref: str) -> None:
    """Pay a code that was given up: cancelled, or not paid in time."""
    _do(ref, Bank.pay_late)


@simulate.command("pay-twice")
@REF
@one_line_errors
def simulate_pay_twice(ref: str) -> None:
    """Pay a code twice, or once more when it was paid already."""
    _do(ref, Bank.pay_twice)


@simulate.command("fail")
@REF
@one_line_errors
def simulate_fail(ref: str) -> None:
    """Have the payment of a code fail for good."""
    _do(ref, Bank.fail)


@simulate.command("notify")
@click.argument("how", type=click.Choice(NOTIFY))
@one_line_errors
def simulate_notify(how: str) -> None:
    """Say how notifications are sent to the shop; losing them must not matter, since the shop asks."""
    _bank().set_notify(how)
    click.echo(f"Notifications: {how}.")


@simulate.command("trouble")
@click.argument("what", type=click.Choice(TROUBLES))
@click.argument("seconds", type=float, default=SLOW_SECONDS, metavar="[SECONDS]")
@one_line_errors
def simulate_trouble(what: str, seconds: float) -> None:
    """Say what is wrong with the pretend bank.

    none: nothing; slow: it answers after SECONDS (8); down: out of reach; lose-code: a code is made and its
    answer gets lost; refuse: it makes no code; refuse-refund: it gives no money back.
    """
    _bank().set_trouble(what, seconds)
    click.echo(f"Trouble: {what}{f' {seconds:g} s' if what == 'slow' else ''}.")


@simulate.command("auto")
@click.argument("seconds", metavar="SECONDS|off")
@one_line_errors
def simulate_auto(seconds: str) -> None:
    """Have a pretend buyer pay each new code after SECONDS; off: nobody pays by themselves."""
    if seconds == "off":
        _bank().set_auto(None)
        click.echo("Nobody pays by themselves.")
        return
    try:
        wanted = float(seconds)
    except ValueError as error:
        raise click.UsageError(f"Give a number of seconds, or off, not {seconds!r}.") from error
    _bank().set_auto(wanted)
    click.echo(f"A pretend buyer pays each new code after {wanted:g} seconds.")


def _do(ref: str, act: Callable[[Bank, int], None]) -> None:
    bank = _bank()
    number = bank.named(ref).number
    act(bank, number)
    code = bank.named(str(number))
    paid = " and ".join(f"Rp {dotted(money.amount)}" for money in code.money)
    click.echo(f"Code {number} over Rp {dotted(code.amount)}: {f'paid {paid}' if paid else code.state}.")
    # The shop is told from here: whoever serves may be busy, and this process is about to end.
    deliver_due(bank)
    if bank.ways().notify == "reorder":
        time.sleep(REORDERED_AFTER)
        deliver_due(bank)


def _age(code: CodeView) -> str:
    seconds = int((clock.now() - code.created_at).total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def _ways(ways: Ways) -> dict[str, Any]:
    return {"notify": ways.notify, "trouble": ways.trouble, "slow": ways.slow, "auto": ways.auto}


def _described(code: CodeView) -> dict[str, Any]:
    return {
        "number": code.number,
        "state": code.state,
        "amount": code.amount,
        "register": code.register,
        "reference": code.our_reference,
        "their_reference": code.their_reference,
        "payload": code.payload,
        "created_at": clock.iso(code.created_at),
        "expires_at": clock.iso(code.expires_at),
        "paid": [
            {"rrn": money.reference, "amount": money.amount, "issuer": money.issuer} for money in code.money
        ],
    }
