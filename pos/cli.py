"""The `pos` command: what it can do stands in pos/commands, how in operations and queries."""

import os

import click

from pos.commands.base import shop
from pos.commands.bench import bench
from pos.commands.books import backup, restore, verify
from pos.commands.exchange import exchange
from pos.commands.people import token, user
from pos.commands.places import outlet, register
from pos.commands.printers import printers
from pos.commands.products import products
from pos.commands.qris import qris
from pos.commands.serving import demo, init, initialise, serve, upgrade
from pos.commands.settlements import settlement

__all__ = ["initialise", "main", "shop"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="karya-pos")
def main() -> None:
    """Karya POS: the till of a workshop shop. Settings come from POS_CONFIG and POS_… variables."""
    # The books, the hashes of PINs and the secret key are nobody else's on this machine.
    os.umask(0o077)


for command in (
    init,
    demo,
    serve,
    upgrade,
    token,
    user,
    outlet,
    register,
    products,
    printers,
    qris,
    settlement,
    exchange,
    verify,
    backup,
    restore,
    bench,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
