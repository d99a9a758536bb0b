"""Where the files beside the code are: in a checkout at its top, in an installed wheel inside the package."""

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: Literal["templates", "config"]) -> Path:
    """Return the folder `templates` or `config`, wherever this copy of the program keeps it."""
    packaged = PACKAGE / f"_{name}"
    return packaged if packaged.is_dir() else PACKAGE.parent / name
