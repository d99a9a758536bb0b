"""`pos serve` that also notes the instant after each commit: python tests/bench/hooked.py FILE serve …"""

import sys
import threading
import time
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from pos.cli import main


def note_commits(path: Path) -> None:
    """Append the monotonic clock to `path` after every commit of a request, not of the worker."""
    notes = path.open("a", encoding="ascii", buffering=1)

    @event.listens_for(Session, "after_commit")
    def note(_session: Session) -> None:
        if threading.current_thread().name.startswith("waitress"):
            notes.write(f"{time.monotonic()}\n")


if __name__ == "__main__":
    note_commits(Path(sys.argv.pop(1)))
    main()
