"""How hard the tests try: the same examples in every run, or other and more ones for whoever asks."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# How many times as many examples are tried as usual; with more than one, others in each run.
TIMES = int(os.environ.get("SOAPSTONE_PROOF", "1"))


def thorough(examples: int) -> settings:
    """Return settings without a clock: a failure is a failure on every machine."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
