"""Products as files: `pos products import` and `pos products export`."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

import click

from pos import clock
from pos.commands.base import one_line_errors, shop, spoken
from pos.db import transact
from pos.domain.product_rows import ProductRow
from pos.errors import N_, PosError

ROW = N_("Row")


@click.group()
def products() -> None:
    """Products as CSV or Excel files."""


@products.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check the file and say what it would do; change nothing.")
@one_line_errors
def products_import(file: Path, dry_run: bool) -> None:
    """Add and change products from the CSV or XLSX FILE; all or nothing.

    Columns: sku, nama, nama_en, kategori, satuan, harga, berlaku_mulai, barcode, aktif, urutan, and for goods
    that come in: stok, lot, kedaluwarsa, harga_pokok, lokasi. English names work as well. What the file does
    not name stays as it is.
    """
    from pos.operations import importing
    from pos.operations.actor import SYSTEM

    data = file.read_bytes()
    with shop() as (_, settings):
        today = _today()
        try:
            found = importing.plan(data, today, _with_progress, name=file.name)
        except PosError as error:
            with spoken(settings) as say:
                for field in error.fields:
                    row, _, column = field.loc.partition(".")
                    place = f"{row}, {column}" if column else row
                    click.echo(f"{say(ROW, {})} {place}: {say(field.message, field.params)}")
                if not error.fields:
                    raise click.ClickException(f"{file}: {say(error.message, error.params)}") from error
            rows = len({field.loc.partition(".")[0] for field in error.fields})
            raise click.ClickException(
                f"{file}: {len(error.fields)} errors in {rows} rows, listed on standard output. "
                "Nothing was changed."
            ) from error
        if not dry_run:
            transact(lambda: importing.carry_out(found, SYSTEM, clock.now(), today))
    verb = "would be " if dry_run else ""
    click.echo(
        f"{found.rows} rows: {found.new} products {verb}added, {found.changed} changed, "
        f"{found.prices} prices {verb}set, {found.pieces} pieces {verb}received."
        + (f" {len(found.categories)} categories {verb}placed." if found.categories else "")
    )


def _with_progress(rows: Sequence[ProductRow]) -> Iterator[ProductRow]:
    bar: Any
    with click.progressbar(rows, label="Checking", file=sys.stderr) as bar:
        yield from bar


@products.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@click.option("--language", type=click.Choice(["id", "en"]), help="Of the headers; default: the machine's.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@one_line_errors
def products_export(file: Path, language: str | None, force: bool) -> None:
    """Write all products to FILE as `import` reads them: XLSX by its ending, else CSV; - is standard output.

    An export carries no stock, which would be received once more.
    """
    from pos.operations import importing
    from pos.operations.products import known

    with shop() as (_, settings):
        spoken_in, today = language or settings.locale, _today()
        if file.suffix.lower() == ".xlsx":
            data = importing.export_workbook(spoken_in, today)
        else:
            data = importing.export(spoken_in, today).encode()
        count = len(known().rows)
    with _target(file, force) as out:
        out.write(data)
    if str(file) != "-":
        click.echo(f"{count} products: {file}")


@contextmanager
def _target(file: Path, force: bool) -> Iterator[IO[bytes]]:
    if file.suffix.lower() in (".xls", ".xlsm", ".ods"):
        raise click.ClickException(f"{file}: Name a file that ends in .xlsx or .csv")
    if str(file) == "-":
        yield sys.stdout.buffer
        return
    if file.exists() and file.stat().st_size and not force:
        raise click.ClickException(f"{file} exists already. Choose another name, or add --force.")
    with file.open("wb") as out:
        yield out


def _today() -> date:
    """Return the business date at the first outlet, from which new prices are good."""
    from pos.domain.business_day import business_date
    from pos.queries.outlets import first_place

    time_zone, cut_off = first_place()
    return business_date(clock.now(), time_zone, cut_off)
