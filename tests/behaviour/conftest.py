"""Makes the generated package importable as a consumer would have it, and this folder's helpers."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent

for folder in (HERE.parent.parent / "generated", HERE):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
