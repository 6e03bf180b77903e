"""`make lighthouse`: the median of three runs with mobile emulation, a line a page."""

import json
import os
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.face.places import Place
from tests.face.school import School

PAGES = ("home", "catalogue", "landing", "lesson", "board", "topic", "offer", "checkout", "promote")
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 100}
ROUNDS = 3
FLAGS = "--headless --no-sandbox --disable-quic --disable-background-networking --disable-component-update"


def measure(school: School, places: Sequence[Place], npm: Path) -> int:
    """Prints a Markdown table; exit code 1 where an aim is missed. `seo` is asked of public pages alone."""
    print("| page | performance | accessibility | best practices | SEO |\n| --- | ---: | ---: | ---: | ---: |")
    missed = 0
    for place in (place for place in places if place.name in PAGES):
        scores = _scores(school, place, npm)
        missed += sum(scores[name] < aim for name, aim in AIMS.items() if name != "seo" or not place.who)
        print(f"| {place.name} | " + " | ".join(f"{scores[name]:.0f}" for name in AIMS) + " |", flush=True)
    return 1 if missed else 0


def _scores(school: School, place: Place, npm: Path) -> dict[str, float]:
    rounds = [_run(school, place, npm) for _round in range(ROUNDS)]
    return {name: statistics.median(round_[name] for round_ in rounds) for name in AIMS}


def _run(school: School, place: Place, npm: Path) -> dict[str, float]:
    command = ["node", str(npm / "lighthouse" / "cli" / "index.js"), school.base + place.path, "--quiet", "--output", "json"]
    # With "=": as a word of its own, what begins with dashes is read as options of lighthouse.
    command += [f"--chrome-flags={FLAGS}", "--only-categories", ",".join(AIMS)]
    if cookies := "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in school.cookies(place.who)):
        command += ["--extra-headers", json.dumps({"Cookie": cookies})]
    env = {**os.environ, "CHROME_PATH": os.environ.get("CHROME_PATH", "/usr/bin/chromium")}
    done = subprocess.run(command, capture_output=True, env=env)
    if done.returncode:
        raise SystemExit(f"lighthouse did not come to an end on {place.name}: {(done.stderr or done.stdout).decode()[-800:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    _explain(place, report)
    return {name: 100 * (report["categories"][name]["score"] or 0) for name in AIMS}


def _explain(place: Place, report: dict[str, Any]) -> None:
    """With LIGHTHOUSE_WHY set: which audits cost points."""
    if not os.environ.get("LIGHTHOUSE_WHY"):
        return
    for name in AIMS:
        for row in report["categories"][name]["auditRefs"]:
            audit = report["audits"][row["id"]]
            if row["weight"] and audit["score"] is not None and audit["score"] < 0.95:
                print(f"  {place.name} {name}: {audit['id']} {audit['score']} {audit.get('displayValue', '')}", flush=True)
