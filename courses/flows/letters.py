"""A teacher writes once to a group; each who wanted letters gets it once, whatever happens to the worker."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from courses.models import Cohort, Course, Letter
from courses.reads.groups import people_in
from kit import audit, outbox
from kit.clock import now
from notices.flows import Words, notify_many
from notices.letters import GATE
from notices.models import LetterConsent

TOPIC = "letter.send"
MOST_A_DAY = 3
BATCH = 500


class TooManyLetters(Exception):
    """The course has sent as many letters today as people bear."""


class NobodyToWrite(Exception):
    """In that group is nobody who wants letters."""


def readers_of(group: str, *, course: Course, cohort: Cohort | None, interest: str = "") -> tuple[set[int], int]:
    """Ids of those in the group who want letters, and how many there are in it in all."""
    people = people_in(group, course=course, cohort=cohort, interest=interest)
    wanted = LetterConsent.objects.filter(user__in=people, user__is_active=True).values_list("user", flat=True)
    return set(wanted), len(people)


@transaction.atomic
def send_letter(
    *, course: Course, cohort: Cohort | None, group: str, subject: str, body: str, author: Any, interest: str = ""
) -> Letter:
    """Freeze who gets it, and send. Raises TooManyLetters, NobodyToWrite."""
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)  # two presses count one another
    moment = now()
    if course.letters.filter(sent_at__gt=moment - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyLetters
    readers, _all = readers_of(group, course=course, cohort=cohort, interest=interest)
    if not readers:
        raise NobodyToWrite
    letter = Letter.objects.create(
        course=course,
        cohort=cohort,
        author=author,
        group=group,
        interest=interest,
        subject=subject,
        body=body,
        people=sorted(readers),
        sent_at=moment,
    )
    audit.record(
        actor=author, action="letter.send", target=f"course:{course.pk}", after={"letter": letter.pk, "to": len(readers)}
    )
    outbox.write(topic=TOPIC, key=str(letter.pk), payload={"letter": letter.pk})
    return letter


def deliver_letter(payload: dict[str, Any]) -> None:
    """Outbox: tell everybody, in batches. Interrupted and called again, it tells only those who do not know yet."""
    letter = Letter.objects.select_related("course", "author").filter(pk=payload["letter"]).first()
    if letter is None:
        return
    words = Words(letter.subject, letter.body)
    for start in range(0, len(letter.people), BATCH):
        notify_many(
            users=User.objects.filter(pk__in=letter.people[start : start + BATCH], is_active=True),
            kind="letter",
            key=f"letter:{letter.pk}",
            words=words,
            url=f"/courses/{letter.course.slug}/",
            gate=GATE,
        )
