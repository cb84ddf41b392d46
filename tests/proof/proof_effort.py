"""How hard the tests try: the same examples in every run, or other and more ones for whoever asks."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

# How many times as many examples are tried as usual; with more than one, others in each run.
TIMES = int(os.environ.get("SOAPSTONE_PROOF", "1"))

# The only service that is looked at, for whoever wants to know no more than whether something fails.
ONLY = os.environ.get("SOAPSTONE_PROOF_ONLY", "")


def thorough(examples: int) -> settings:
    """Return settings without a clock: a failure is a failure on every machine."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        database=None,
        phases=[Phase.generate] if ONLY else [Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
