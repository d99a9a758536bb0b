"""python-escpos, brought in once, quietly and without what its import leaves behind.

Importing it writes a pickle into a directory named by the environment, makes a second temporary directory
that it never removes, and installs a handler on the root logger. All three are undone here. The import itself
stands in `render`, the one file that uses the library.
"""

import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_PICKLES: Final = "ESCPOS_CAPABILITIES_PICKLE_DIR"


@contextmanager
def tidy_import() -> Iterator[None]:
    """Imports made inside leave no directory, no environment variable and no log handler."""
    own = tempfile.mkdtemp(prefix="receipts-")
    before = os.environ.get(_PICKLES)
    root = logging.getLogger()
    guard = logging.NullHandler()
    made = tempfile.mkdtemp
    os.environ[_PICKLES] = own
    root.addHandler(guard)  # logging.basicConfig does nothing when the root logger has a handler
    tempfile.mkdtemp = _for_this_thread(made, own)  # type: ignore[assignment]
    try:
        yield
    finally:
        tempfile.mkdtemp = made
        root.removeHandler(guard)
        if before is None:
            os.environ.pop(_PICKLES, None)
        else:
            os.environ[_PICKLES] = before
        shutil.rmtree(own, ignore_errors=True)


def _for_this_thread(made: Callable[..., str], own: str) -> Callable[..., str]:
    """`mkdtemp` that gives this thread our directory and leaves every other thread alone."""
    me = threading.get_ident()

    def mkdtemp(*args: str, **kwargs: str) -> str:
        return own if threading.get_ident() == me else made(*args, **kwargs)

    return mkdtemp
