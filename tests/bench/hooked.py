"""`pos serve` that also notes the instant after each commit: python tests/bench/hooked.py FILE serve …"""

import sys
import threading
import time
from pathlib import Path
from typing import Any

from pos.cli import main
from pos.convoy import Convoy


def note_commits(path: Path) -> None:
    """Append the monotonic clock to `path` after every commit of a request, not of the worker; on SQLite."""
    notes = path.open("a", encoding="ascii", buffering=1)
    end = Convoy._end

    def noted(*arguments: Any) -> None:
        end(*arguments)
        if threading.current_thread().name.startswith("waitress"):
            notes.write(f"{time.monotonic()}\n")

    Convoy._end = noted  # type: ignore[method-assign]


if __name__ == "__main__":
    note_commits(Path(sys.argv.pop(1)))
    main()
