"""`make check-pages`: every page, in each language and width; no fault of axe, the HTML checker, the policy; no dead link."""

import urllib.error
import urllib.request
from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from kit.paths import without_language
from tests.face.look import Findings, chromium, html_faults, look_at, window_of
from tests.face.places import Place
from tests.face.school import School

# Doors that do something when opened, or lead off on purpose.
LEFT_OUT = ("/accounts/logout/", "/r/")


def check(school: School, places: Sequence[Place], languages: Sequence[str], windows: Sequence[str], npm: Path) -> int:
    """Prints a line a fault; exit code 1 where there is any."""
    found = Findings()
    axe = (npm / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    with chromium() as browser:
        for who in dict.fromkeys(place.who for place in places):
            for window in windows:
                for place in places:
                    if place.who != who:
                        continue
                    for language in languages:
                        with window_of(browser, school, who, window) as page:
                            look_at(page, place, language, window, axe, found)
    found.faults += html_faults(found.bodies, npm / "vnu-jar" / "build" / "dist" / "vnu.jar")
    found.faults += _dead_links(school, found.links, {place.path.partition("?")[0] for place in places})
    print("\n".join(found.faults))
    links = sum(map(len, found.links.values()))
    print(f"{len(places)} places, {len(found.bodies)} documents, {links} links: {len(found.faults)} faults")
    return 1 if found.faults else 0


def _dead_links(school: School, links: dict[str, set[str]], looked_at: Collection[str]) -> list[str]:
    """Links of ours that answer with an error, each tried as the person who met it; what was looked at has been judged."""
    dead = []
    for who, addresses in links.items():
        cookie = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in school.cookies(who))
        for address in sorted(addresses):
            path = urlsplit(address)
            if not address.startswith(school.base + "/") or any(part in path.path for part in LEFT_OUT):
                continue
            if without_language(path.path) in looked_at:
                continue
            if (status := _status(address, cookie)) >= 400:
                dead.append(f"link of {who or 'a visitor'}: {path.path}?{path.query} answers {status}")
    return dead


def _status(address: str, cookie: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": cookie}), timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
