"""What is asked of each page: axe, the HTML checker, widths, the content policy, layout shift, links."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.face.places import Place, in_language
from tests.face.school import School

LANGUAGES = ("zh-hant", "zh-hans", "en")
WINDOWS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2},
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "narrow": {"viewport": {"width": 320, "height": 700}, "is_mobile": True, "has_touch": True},
}
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
SHIFTS = """
window.__shift = 0; window.__broken = [];
new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) window.__shift += e.value; }))
  .observe({type: 'layout-shift', buffered: true});
document.addEventListener('securitypolicyviolation', e => window.__broken.push(e.violatedDirective + ' ' + e.blockedURI));
"""
MOST_SHIFT = 0.02


@dataclass
class Findings:
    """Faults in words, the bodies of pages for the HTML checker, and the links that were met (by who may follow them)."""

    faults: list[str] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)
    links: dict[str, set[str]] = field(default_factory=dict)


@contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("Chromium is missing (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def window_of(browser: Browser, school: School, who: str, window: str) -> Iterator[Page]:
    """A page of that person's own browser."""
    context = browser.new_context(base_url=school.base, locale="zh-TW", **WINDOWS[window])
    context.add_init_script(SHIFTS)
    context.add_cookies(school.cookies(who))  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def look_at(page: Page, place: Place, language: str, window: str, axe: str, found: Findings) -> None:
    """Opens the page and writes down what is wrong with it."""
    said: list[str] = []
    where = f"{place.name} {language} {window}"
    page.on("pageerror", lambda error: said.append(f"script error: {error}"))
    answer = page.goto(in_language(language, place.path), wait_until="load")
    assert answer is not None
    said += _status(answer, place)
    said += [f"policy: {broken}" for broken in page.evaluate("window.__broken")]
    said += _axe(page, axe)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    said += [f"{wide} px too wide"] if wide > 0 else []
    shift = page.evaluate("window.__shift")
    said += [f"layout shifts by {shift:.3f}"] if shift >= MOST_SHIFT else []
    found.faults += [f"{where}: {fault}" for fault in said]
    if window == "phone":
        found.bodies[where] = answer.text()
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        found.links.setdefault(place.who, set()).update(link.partition("#")[0] for link in links)


def _status(answer: Response, place: Place) -> Iterable[str]:
    expected = 404 if place.name == "not-found" else 403 if place.name in {"lesson-for-sale", "lesson-locked"} else 200
    return [f"answers {answer.status}"] if answer.status != expected else []


def _axe(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    report = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"axe {rule['id']}: {node['target']} {node['html'][:140]}" for rule in report["violations"] for node in rule["nodes"][:2]
    ]


def html_faults(bodies: dict[str, str], vnu: Path) -> list[str]:
    """What the Nu HTML checker calls an error."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (where, body) in enumerate(bodies.items()):
            path = Path(folder) / f"{number}.html"
            path.write_text(body, encoding="utf-8")
            names[path.name] = where
        done = subprocess.run(
            ["java", "-jar", str(vnu), "--errors-only", "--format", "json", folder], capture_output=True, check=False
        )
    messages = json.loads(done.stderr or b"{}").get("messages", [])
    return [
        f"{names.get(row['url'].rsplit('/', 1)[-1], '?')}: html: {row['message']} {row.get('extract', '')[:160]!r}"
        for row in messages
    ]
