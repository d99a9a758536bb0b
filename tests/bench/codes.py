"""QRIS payloads inspected a second, beside the least that reading one takes: its checksum and its tags."""

import binascii
import time
from collections.abc import Callable

from pos.bench.figures import Figures
from pos.domain.qris import demo_merchant, findings, parse, to_dynamic

SECONDS = 1.0
ROUNDS = 3


def _bare(payload: str) -> int:
    """Walk the outer tags and compute the checksum, judging nothing."""
    at = 0
    while at < len(payload):
        at += 4 + int(payload[at + 2 : at + 4])
    return binascii.crc_hqx(payload[:-4].encode(), 0xFFFF)


def _inspect(payload: str) -> None:
    parse(payload)
    findings(payload)


def _rate(work: Callable[[str], object], payloads: list[str]) -> float:
    done, ends = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < ends:
        for payload in payloads:
            work(payload)
        done += len(payloads)
    return done / SECONDS


def measure() -> Figures:
    """Return payloads a second, read and judged, and the ratio to the bare walk of the same run."""
    payloads = [to_dynamic(demo_merchant(), 1_000 + 137 * n) for n in range(200)]
    rounds = [(_rate(_inspect, payloads), _rate(_bare, payloads)) for _ in range(ROUNDS)]
    ours, bare = (sorted(values)[ROUNDS // 2] for values in zip(*rounds, strict=True))
    return {
        "payload_characters": len(payloads[0]),
        "inspected_per_second": round(ours),
        "bare_walks_per_second": round(bare),
        "ratio": round(ours / bare, 3),
    }
