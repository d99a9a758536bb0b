"""Settlement files of providers: `pos settlement import`."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos import clock
from pos.commands.base import echo_json, one_line_errors, shop, spoken
from pos.db import transact
from pos.domain.settlement import PROFILES
from pos.errors import N_, PosError
from pos.settings import Settings

if TYPE_CHECKING:
    from pos.operations.settlements import Plan

LINE = N_("Line")
ZONES = {"wib": timedelta(hours=7), "wita": timedelta(hours=8), "wit": timedelta(hours=9)}


@click.group()
def settlement() -> None:
    """What QRIS providers received and paid out."""


@settlement.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--provider", type=click.Choice(list(PROFILES)), required=True, help="Whose file it is.")
@click.option(
    "--zone", type=click.Choice(list(ZONES)), help="Of times that name none; default: the provider's."
)
@click.option("--dry-run", is_flag=True, help="Read the file and say what matches; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def settlement_import(file: Path, provider: str, zone: str | None, dry_run: bool, as_json: bool) -> None:
    """Compare the settlement FILE (CSV or XLSX) of a provider with our payments and keep it; all or nothing.

    Payments confirmed by hand that stand in it are verified. Exit status 1 when a line can't be read, or when
    the file was imported before.
    """
    from pos.operations import settlements
    from pos.operations.actor import SYSTEM

    data = file.read_bytes()
    with shop() as (_, settings):
        try:
            found = settlements.plan(data, file.name, provider, ZONES[zone] if zone else None)
            answer = _described(found)
            if not dry_run:
                answer["id"] = transact(lambda: settlements.carry_out(found, SYSTEM, clock.now()))
        except PosError as error:
            raise _refused(file, error, settings, as_json=as_json) from error
    if as_json:
        echo_json(answer)
    else:
        _say(answer, dry_run=dry_run)


def _refused(file: Path, error: PosError, settings: Settings, *, as_json: bool) -> click.ClickException:
    """Name each fault on standard output; return the one line for standard error."""
    with spoken(settings) as say:
        faults = [
            {"line": int(line), "column": column, "message": say(field.message, field.params)}
            for field in error.fields
            for line, _, column in [field.loc.partition(".")]
            if line.isdigit()
        ]
        if not faults:
            return click.ClickException(f"{file}: {say(error.message, error.params)}")
        if as_json:
            echo_json({"errors": faults})
        for fault in () if as_json else faults:
            place = f"{fault['line']}, {fault['column']}" if fault["column"] else fault["line"]
            click.echo(f"{say(LINE, {})} {place}: {fault['message']}")
    lines = len({fault["line"] for fault in faults})
    return click.ClickException(
        f"{file}: {len(faults)} errors in {lines} lines, listed on standard output. Nothing was changed."
    )


def _described(found: "Plan") -> dict[str, Any]:
    total = found.sums()
    outcomes = ("matched", "amount", "theirs", "refund", "duplicate")
    return {
        "id": None,
        "provider": found.profile.key,
        "first_on": found.first_on.isoformat(),
        "last_on": found.last_on.isoformat(),
        "rows": len(found.sheet.rows),
        "skipped": found.sheet.skipped.total(),
        "gross": total.gross,
        "fee": total.fee,
        "net": total.net,
        **{name: _sums(found.sums(name)) for name in outcomes},
        "ours": {"count": len(found.ours), "gross": sum(payment.amount for payment in found.ours)},
        "verified": len(found.by_hand),
    }


def _sums(sums: Any) -> dict[str, int | None]:
    return {"count": sums.count, "gross": sums.gross, "fee": sums.fee, "net": sums.net}


def _say(answer: dict[str, Any], *, dry_run: bool) -> None:
    def counted(name: str) -> str:
        return f"{answer[name]['count']}"

    click.echo(
        f"{answer['rows']} rows from {answer['first_on']} to {answer['last_on']}: "
        f"{counted('matched')} matched, {counted('ours')} only ours, {counted('theirs')} only theirs, "
        f"{counted('amount')} with another amount, {counted('refund')} refunds, "
        f"{counted('duplicate')} repeated; {answer['skipped']} lines left out."
    )
    fee, net = answer["fee"], answer["net"]
    told = "not told" if fee is None else f"{fee}, net {net}"
    click.echo(
        f"Gross {answer['gross']}, fee {told}. "
        f"{answer['verified']} payments confirmed by hand {'would be ' if dry_run else ''}verified."
    )
    if dry_run:
        click.echo("Nothing was changed.")
