"""The books: `pos verify`."""

import click

from pos.commands.base import echo_json, one_line_errors, shop

SHOWN = 200
"""So many problems are listed; of the others only the number."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def verify(as_json: bool) -> None:
    """Derive everything again from the first entry and compare; name the first broken entry."""
    from pos.operations.verify import verify as verify_books

    with shop():
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
