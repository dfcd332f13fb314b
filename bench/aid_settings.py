"""The decision aid's own settings; only the collected static files lie in the benchmark's scratch folder."""

import os
from pathlib import Path

from decisionaid.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["BENCH_STATIC_ROOT"])
