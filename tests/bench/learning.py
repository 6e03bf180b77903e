"""How learning stays with much of everything: long courses, many students, the beacon, a film of 500 MB on its way to storage."""

import base64
import http.client
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from accounts.models import User
from accounts.roles import ensure_roles
from courses.models import Course, LessonPage
from pages.flows import ensure_site
from tests.bench.data import CSRF, PARAGRAPH, session_of
from tests.bench.load import Request, crowd, get, tell, times
from tests.bench.queries import queries_of
from tests.bench.servers import gunicorn
from tests.courses_growth import grow
from tests.factories import enrol, make_cohort, make_course, make_user

LESSONS, BLOCKS, CLASS, STUDENTS, COURSES = 300, 40, 5_000, 10_000, 30
MOST_QUERIES = {"lesson": 12, "learn": 12, "teach": 20}
FILM = 500 * 1024**2
MOST_GROWTH_MB = 16


def measure() -> int:
    """Prints a line a page; 1 where queries, or the web processes' memory during the upload, pass what is allowed."""
    ensure_site()
    ensure_roles()
    teacher, student = make_user(name="林老師"), make_user(name="小安")
    course = _long_course(teacher, student)
    for _number in range(COURSES - 1):
        enrol(student, make_cohort(course=make_course(lessons=3)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages = {
        "lesson": Request("GET", f"/courses/{course.slug}/day-1/", _cookies(student)),
        "learn": Request("GET", "/learn/", _cookies(student)),
        "teach": Request("GET", "/teach/", _cookies(teacher)),
    }
    missed = 0
    with gunicorn("-c", "site/gunicorn.conf.py") as site:
        for name, request in pages.items():
            count = queries_of(request)
            missed += count > MOST_QUERIES[name]
            missed += tell(
                f"{name}: {count} queries (at most {MOST_QUERIES[name]})", times(partial(get, site, request), 40), 0.95
            )
        beacon = _beacon(course, student)
        found = crowd(partial(get, site, beacon), 4, 200)
        missed += tell(f"progress beacon, 4 clients, {4000 / (sum(found) / len(found)):.0f} writes/s", found, 0.95)
        missed += _upload(site, course, teacher)
    return 1 if missed else 0


def _long_course(teacher: User, student: User) -> Course:
    """300 lessons, the first of 40 blocks; a class of 5,000 and another that brings the teacher to 10,000 students."""
    course = make_course(lessons=2, teacher=teacher, slug="long", title="從零基礎到自由彈唱", words=PARAGRAPH)
    cohort = make_cohort(course=course, seats=20_000)
    page = LessonPage.objects.get(lesson__course=course, lesson__slug="day-1")
    page.body = [("text", f"<p>{PARAGRAPH}</p>") for _number in range(BLOCKS)]
    page.save_revision().publish()
    grow(cohort, lessons=LESSONS, people=STUDENTS, cohorts=20)
    enrol(student, cohort)
    return course


def _cookies(user: User) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={session_of(user)}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def _beacon(course: Course, student: User) -> Request:
    from courses.models import Media
    from kit.clock import now

    values = {"kind": "audio", "title": "錄音", "key": "bench.m4a", "content_type": "audio/mp4", "size": 1}
    media = Media.objects.create(course=course, created_at=now(), **values)
    said = f"csrfmiddlewaretoken={CSRF}&media={media.pk}&seconds=134&at={int(now().timestamp() * 1000)}"
    return Request("POST", f"/courses/{course.slug}/day-1/stopped/", _cookies(student), said, 204)


def _upload(site: int, course: Course, teacher: User) -> int:
    """What the web processes' memory grew by at most while a film of 500 MB was sent.

    A small one goes before it: each process loads what speaks to storage once, whatever the size.
    """
    for _film in _sent(site, course, teacher, 20 * 1024**2):
        pass
    before = _memory_mb(site)
    seen = [_memory_mb(site) - before for _part in _sent(site, course, teacher, FILM)]
    print(f"500 MB in {len(seen)} parts: the web processes grew by {max(seen):.1f} MB (at most {MOST_GROWTH_MB})")
    return int(max(seen) > MOST_GROWTH_MB)


def _sent(site: int, course: Course, teacher: User, size: int) -> Iterator[int]:
    """A film of `size` bytes, part by part as the browser sends it; each part's number when storage has it."""
    head = base64.b64encode(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(40)).decode()
    values = {"course": course.pk, "title": "Film", "mark": f"film.mp4|{size}", "size": size, "head": head}
    begun = _post(site, teacher, "begin/", values)
    for number in range(1, begun["parts"] + 1):
        address = _post(site, teacher, f"{begun['id']}/part/{number}/", {})["address"]
        _put(address, min(begun["part_size"], size - (number - 1) * begun["part_size"]))
        yield number


def _post(site: int, user: User, path: str, values: dict[str, Any]) -> Any:
    from urllib.parse import urlencode

    link = http.client.HTTPConnection("127.0.0.1", site, timeout=30)
    head = {"Cookie": _cookies(user), "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": CSRF}
    link.request("POST", f"/admin/courses/upload/{path}", urlencode(values), head)
    answer = link.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
    return json.loads(body)


def _put(address: str, size: int) -> None:
    parts = urlsplit(address)
    link = http.client.HTTPConnection(parts.netloc, timeout=60)
    link.request("PUT", f"{parts.path}?{parts.query}", _zeros(size), {"Content-Length": str(size)})
    if (status := link.getresponse().status) != 200:
        raise RuntimeError(f"storage answers {status}")


def _zeros(size: int) -> Iterator[bytes]:
    block = bytes(1024**2)
    for start in range(0, size, len(block)):
        yield block[: size - start]


def _memory_mb(port: int) -> float:
    """Resident memory of the server's processes together, read from /proc."""
    found = 0.0
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and f"BIND=127.0.0.1:{port}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                rows = (folder / "status").read_text().splitlines()
                found += sum(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024
        except OSError:
            continue
    return found
