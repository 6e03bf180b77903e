"""The roof: settings, addresses, Celery. Importing it makes the rooms beside `site/` importable."""

import sys
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    sys.path.append(_ROOT)

from config.celery import app as celery_app  # noqa: E402  (needs the path set above)

__all__ = ["celery_app"]
