#!/usr/bin/env python3
"""Django's command line. `site/` is put on the path first: it is a launch folder, never a package."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "site"))

if __name__ == "__main__":
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        choice = "choose config.settings.dev or config.settings.production"
        sys.exit(f"DJANGO_SETTINGS_MODULE is not set: {choice}; beside `make run`, type `. var/run/env.sh` first.")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
