"""Production's settings for the server under test; only the collected static files lie in its own folder."""

import os
from pathlib import Path

from decisionaid.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["SCRATCH"]) / "static"
