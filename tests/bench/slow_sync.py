"""A disk that syncs slowly: every fsync and fdatasync takes some milliseconds longer.

python -m tests.bench.slow_sync 5 -m tests.bench sale --database sqlite

Runs Python with what follows the milliseconds, under a shim between the program and the C library that the C
compiler makes on the spot. Whatever it starts has the same slow disk: the server and, beside it, the bare
driver, so the ratio of the two stays fair.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")
DELAY = "SLOW_SYNC_US"
"""Not POS_…: the shops of a measurement leave the caller's own settings out."""


def run(milliseconds: float, arguments: list[str]) -> int:
    """Run Python with `arguments` on a disk whose syncs take `milliseconds` longer; return its exit code."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise SystemExit("This needs a C compiler: apt-get install gcc libc6-dev")
    with tempfile.TemporaryDirectory(prefix="karya-bench-") as folder:
        shim = Path(folder) / "slow_sync.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", shim, SOURCE, "-ldl"], check=True)
        variables = {**os.environ, "LD_PRELOAD": str(shim), DELAY: str(round(milliseconds * 1000))}
        return subprocess.run([sys.executable, *arguments], env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(run(float(sys.argv[1]), sys.argv[2:]))
