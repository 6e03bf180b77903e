"""What an instructor types into the guided flow, a step after the other."""

from typing import Any

from django.test import Client
from django.urls import reverse

from courses.models import Course
from kit.clock import now

OUTLINE = "Week 1:\n  Holding it\n  First chord\nWeek 2:\n  Strumming\n  A whole song\n"
NAME = {"title": "Ukulele for the shy", "tagline": "Thirty quiet evenings", "slug": "", "language": "en"}
WORDS = {"outline": OUTLINE, "days": "", "goal": "Hold it without fear", "words": "Sit down.\n\nPut it on your <lap>."}
KIT = {
    "has_kit": "yes", "name": "Soprano ukulele", "contents": "Ukulele\nTuner", "on_hand": "8", "length": "62", "width": "23.5",
    "height": "11", "weight_g": "1500", "value": "130", "part": "",
}  # fmt: skip


def price_values(**changes: Any) -> dict[str, Any]:
    """Step 3: 599 CNY, 12 seats, next year."""
    first = {
        "price": "599", "currency": "CNY", "name": "Class 1", "starts_on": f"{now().year + 1}-03-01", "seats": "12",
        "start_rule": "date", "time_zone": "Asia/Taipei",
    }  # fmt: skip
    return {**first, **changes}


class Walk:
    """An instructor at the browser. `at(step)` is the address of a step; `send` posts it and returns the response."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        self.course: Course | None = None

    def at(self, step: str) -> str:
        return reverse(f"guided:{step}", args=[] if step == "start" or not self.course else [self.course.pk])

    def send(self, step: str, values: dict[str, Any] | None = None) -> Any:
        return self.client.post(self.at(step), values or {})

    def begin(self, **changes: Any) -> Any:
        """Step 1 of a new course."""
        response = self.send("start", {**NAME, "key": "one", **changes})
        if response.status_code == 302:
            self.course = Course.objects.order_by("pk").last()
        return response

    def until_check(self, *, kit: bool = True, rates: tuple[str, str] = ("30", "5")) -> Course:
        """All steps before the last."""
        self.begin()
        self.send("outline", WORDS)
        self.send("price", price_values())
        self.send("kit", KIT if kit else {"has_kit": "no"})
        self.send("sharing", {"seat": rates[0], **({"stock": rates[1]} if kit else {})})
        assert self.course is not None
        return self.course
