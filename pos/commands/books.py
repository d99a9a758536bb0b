"""The books and their copies: `pos verify`, `pos backup`, `pos restore`."""

from pathlib import Path

import click

from pos import clock
from pos.commands.base import echo_json, one_line_errors, shop
from pos.db import db
from pos.settings import load

SHOWN = 200
"""So many problems are listed; of the others only the number."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def verify(as_json: bool) -> None:
    """Derive everything again from the first entry and compare; name the first broken entry."""
    from pos.migrations import schema
    from pos.operations.verify import verify as verify_books

    with shop():
        if schema(db.session.connection()).newer:
            raise click.ClickException("A newer program writes to these books too. Verify with that one.")
        verdict = verify_books()
    if as_json:
        echo_json(
            {
                "good": verdict.good,
                "entries": verdict.entries,
                "books": [
                    {"book": book.code, "entries": book.entries, "head": book.head} for book in verdict.books
                ],
                "rows": verdict.rows,
                "problems": [
                    {
                        "book": p.book,
                        "seq": p.seq,
                        "kind": p.kind,
                        "at": p.at if p.seq else None,
                        "what": p.what,
                    }
                    for p in verdict.problems
                ],
                "more_problems": verdict.more,
            }
        )
    elif verdict.good:
        for book in verdict.books:
            click.echo(f"{book.code}: {book.entries} entries, head {book.head}")
        click.echo(f"Verified {verdict.entries} entries and {sum(verdict.rows.values())} rows: all agree.")
    else:
        for problem in verdict.problems[:SHOWN]:
            click.echo(str(problem))
        if len(verdict.problems) > SHOWN or verdict.more:
            click.echo(f"and {len(verdict.problems) - SHOWN + verdict.more} more")
    if not verdict.good:
        others = len(verdict.problems) + verdict.more - 1
        raise click.ClickException(
            f"First broken: {verdict.problems[0]}."
            + (f" {others} more, listed on standard output." if others else "")
            + " Stop selling, keep a copy (pos backup FILE) and compare with the last good backup."
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def backup(file: Path, force: bool, as_json: bool) -> None:
    """Write a consistent copy of everything to FILE, one SQLite file, while selling goes on."""
    from pos.operations.backup import make_backup

    settings = load()
    if settings.sqlite_file is not None and not settings.sqlite_file.exists():
        raise click.ClickException(f"There is no shop in {settings.data_dir}. Run: pos init")
    made = make_backup(settings.database, file.absolute(), force=force)
    if as_json:
        echo_json({"file": str(made.file), "bytes": made.size, "entries": made.entries})
    else:
        click.echo(f"Backup of {made.entries} entries: {made.file} ({made.size / 1_048_576:.1f} MiB).")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite what the backup does not hold; it is kept aside.")
@one_line_errors
def restore(file: Path, force: bool) -> None:
    """Bring the backup FILE back, also into an empty data folder. Stop pos serve first."""
    from pos.operations import restore as operation

    settings = load()
    done = operation.restore(file.absolute(), settings.database, settings.data_dir, clock.now(), force=force)
    for line in operation.in_words(done, file):
        click.echo(line)
