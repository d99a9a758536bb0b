"""Numbers from measurements: medians, percentiles, and how they are shown."""

import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

Figures: TypeAlias = dict[str, Any]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def milliseconds(values: Sequence[float]) -> Figures:
    """Return median, 99th percentile and the slowest of times in seconds, as milliseconds."""
    return {
        "median_ms": round(median(values) * 1000, 3),
        "p99_ms": round(percentile(values, 0.99) * 1000, 3),
        "slowest_ms": round(max(values) * 1000, 1),
    }


def memory(pid: int) -> Figures:
    """Return resident and proportional memory of a process in megabytes (Linux)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return {"rss_mb": round(kilobytes["Rss"] / 1024, 1), "pss_mb": round(kilobytes["Pss"] / 1024, 1)}


def processor_seconds(pid: int) -> float:
    """Return the processor time a process has used, in seconds (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def lines(figures: Figures, indent: str = "") -> list[str]:
    """Return figures as text, a line each, nested ones indented."""
    shown: list[str] = []
    for name, value in figures.items():
        label = name.replace("_", " ")
        if isinstance(value, dict):
            shown += [f"{indent}{label}:", *lines(value, indent + "  ")]
        else:
            shown.append(
                f"{indent}{label}: {value:,}"
                if isinstance(value, int | float)
                else f"{indent}{label}: {value}"
            )
    return shown
