"""打卡: once a local day."""

from courses.models import CheckIn, Enrolment
from kit.clock import local_date, now


def check_in(*, enrolment: Enrolment, note: str = "") -> CheckIn:
    """Check in for the learner's local today. A second time the same day only adds the note where there was none."""
    moment = now()
    row, created = CheckIn.objects.get_or_create(
        enrolment=enrolment, day=local_date(moment, enrolment.user.time_zone), defaults={"note": note[:300], "at": moment}
    )
    if not created and note and not row.note:
        row.note = note[:300]
        row.save(update_fields=["note"])
    return row
