"""Printers of this machine: `pos printers list` and `pos printers test`."""

from typing import Any

import click

from pos.commands.base import echo_json, one_line_errors
from pos.settings import load
from printers.config import PrinterConfig
from printers.status import PrinterStatus


@click.group()
def printers() -> None:
    """Printers that hang on this machine."""


@printers.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def printers_list(as_json: bool) -> None:
    """Show what is configured and what each printer says."""
    from printers.delivery import query

    found = [(printer, query(printer)) for printer in load().printers]
    if as_json:
        echo_json([_described(printer, status) for printer, status in found])
        return
    if not found:
        click.echo("No printers. Add one in the back office, or as [[printers]] in the settings file.")
    for printer, status in found:
        registers = ", ".join(printer.registers) or "no register"
        drawer = f", drawer of {printer.drawer_register}" if printer.drawer_register else ""
        where = f"{printer.connection} {printer.address}".strip()
        click.echo(f"{printer.name}: {where}, {printer.columns} columns, for {registers}{drawer}")
        click.echo(f"  {_words(status)}")


def _words(status: PrinterStatus) -> str:
    words = [status.words]
    if status.paper != "unknown":
        words.append(f"paper {status.paper}")
    if status.detail:
        words.append(status.detail)
    return ", ".join(words)


def _described(printer: PrinterConfig, status: PrinterStatus) -> dict[str, Any]:
    return {
        "name": printer.name,
        "registers": list(printer.registers),
        "connection": printer.connection,
        "address": printer.address,
        "columns": printer.columns,
        "qr": printer.qr,
        "drawer": printer.drawer_register,
        "says": status.words,
        "answered": status.answered,
        "cannot_answer": status.cannot_answer,
        "online": status.online,
        "paper": status.paper,
        "cover": status.cover,
        "trouble": status.trouble,
        "detail": status.detail,
    }


@printers.command("test")
@click.argument("name")
@one_line_errors
def printers_test(name: str) -> None:
    """Print a page on the printer NAME that leads through width, letters, codes, the drawer and the cut."""
    from printers.delivery import deliver
    from printers.render import to_escpos
    from printers.sample import sample_page
    from printers.transports import connect

    known = {printer.name: printer for printer in load().printers}
    printer = known.get(name)
    if printer is None:
        raise click.ClickException(f"There is no printer {name}. Known are: {', '.join(known) or 'none'}")
    drawer = bool(printer.drawer_register)
    page = sample_page(printer.name, printer.paper, record=printer.model.title, drawer=drawer)
    payload = to_escpos(page, printer.paper) + (printer.drawer_pulse if drawer else b"")
    ended = deliver(connect(printer), payload, timeout=printer.timeout)
    if ended.outcome != "printed":
        detail = f" ({ended.detail})" if ended.detail else ""
        raise click.ClickException(f"{name}: {ended.error}{detail} Look at the printer and try again.")
    said = "the printer confirmed it" if ended.confirmed else "the printer did not say so; look at the paper"
    click.echo(f"{name}: test page printed, {said}.")
