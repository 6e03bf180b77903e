"""Forms of the teacher's workspace."""

from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.flows import RemarkAt
from courses.models import CertificateRule, Course, Lesson, Letter, Reminder, TeamMember
from courses.reads.groups import interests_in
from kit.text import strip_controls

MOST_REMARKS = 60
MOST_REST_DAYS = 31


class ReviewForm(forms.Form):
    """An answer to homework; the remarks come beside it as `second`, `remark`, `of` (a file's id, or empty)."""

    body = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 5}), required=False, max_length=5000)
    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        initial="accept",
        choices=[("accept", _("Accept: well done")), ("return", _("Return: once more, please"))],
    )


def seconds_of(text: str) -> int | None:
    """Seconds of `83`, `1:23` or `1:02:03`; None for anything else."""
    parts = text.strip().split(":")
    if not all(part.isdecimal() and len(part) < 6 for part in parts) or len(parts) > 3:
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total


def remarks_from(data: Any) -> list[RemarkAt]:
    """The remarks of a posted review: those with a time and words."""
    rows = list(zip_longest(*(data.getlist(name) for name in ("second", "remark", "of")), fillvalue=""))[:MOST_REMARKS]
    found = [(seconds_of(second), text.strip(), int(of) if of.isdecimal() else None) for second, text, of in rows]
    return [RemarkAt(second, text, of) for second, text, of in found if second is not None and text]


class TitlesForm(forms.Form):
    """An outline: one title a line."""

    titles = forms.CharField(
        label=_("Lesson titles, one a line"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
        help_text=_("Each becomes a draft lesson, a day each. You write them afterwards."),
    )

    def clean_titles(self) -> list[str]:
        return [line.strip()[:160] for line in self.cleaned_data["titles"].splitlines() if line.strip()][:300]


class LessonForm(forms.Form):
    """The facts of a lesson that are not its text, and the rule that opens it."""

    unlock = forms.ChoiceField(label=_("Opens"), choices=Lesson.Unlock.choices, initial=Lesson.Unlock.DAY, required=False)
    day = forms.IntegerField(
        label=_("Day of the course"),
        min_value=1,
        max_value=1000,
        help_text=_("Counted from each learner's own day 1, in their own time zone; rest days are left out."),
    )
    opens_on = forms.DateField(
        label=_("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only for “on a date”."),
    )
    homework_of = forms.ModelChoiceField(
        label=_("Homework of"),
        queryset=Lesson.objects.none(),
        required=False,
        empty_label=_("the lesson before it"),
        help_text=_("Only for “when homework is accepted”. Where that lesson asks for none, finishing it is enough."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600)
    is_preview = forms.BooleanField(label=_("Free preview: open to everyone"), required=False)
    homework = forms.CharField(
        label=_("Homework"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
        help_text=_("What to hand in: text, a recording or a file. Empty: no homework."),
    )

    due_day = forms.IntegerField(
        label=_("Homework is due on day"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("By the end of that day of each learner. Empty: whenever they like."),
    )

    def __init__(self, *args: Any, lesson: Lesson, **kwargs: Any) -> None:
        super().__init__(*args, initial=self.facts_of(lesson), **kwargs)
        earlier = Lesson.objects.filter(course=lesson.course_id, position__lt=lesson.position, assignment__isnull=False)
        # An earlier lesson only: rules that wait for each other would never open.
        self.fields["homework_of"].queryset = earlier  # type: ignore[attr-defined]

    def clean_unlock(self) -> str:
        return str(self.cleaned_data["unlock"] or Lesson.Unlock.DAY)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("unlock") == Lesson.Unlock.DATE and not found.get("opens_on") and "opens_on" not in self.errors:
            self.add_error("opens_on", _("Please choose the date."))
        return found

    @staticmethod
    def facts_of(lesson: Lesson) -> dict[str, Any]:
        assignment = getattr(lesson, "assignment", None)
        return {
            "due_day": assignment.due_day if assignment else None,
            "unlock": lesson.unlock,
            "day": lesson.day,
            "opens_on": lesson.opens_on,
            "homework_of": lesson.homework_of_id,
            "minutes": lesson.minutes,
            "is_preview": lesson.is_preview,
            "homework": assignment.prompt if assignment else "",
        }


class RestForm(forms.Form):
    """Days on which a class rests."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: one day."),
    )
    name = forms.CharField(label=_("Why"), max_length=80, required=False, help_text=_("Lunar New Year, a typhoon …"))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first = found.get("first")
        found["last"] = found.get("last") or first
        if first and not 0 <= (found["last"] - first).days < MOST_REST_DAYS:
            self.add_error("last", _("Please choose a day within a month of the first."))
        return found


class TeamForm(forms.Form):
    """Somebody for the team, by e-mail address."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("They need an account here already."))
    role = forms.ChoiceField(label=_("Role"), choices=TeamMember.Role.choices)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        self.person = User.objects.filter(email__iexact=email, is_active=True).first()
        if self.person is None:
            raise forms.ValidationError(_("Nobody with this address has an account. Please ask them to sign up first."))
        return email


class CertificateRuleForm(forms.ModelForm):
    """What a course's certificate asks."""

    class Meta:
        model = CertificateRule
        fields = ("lessons_percent", "needs_homework", "needs_quizzes")


class ReasonForm(forms.Form):
    """Why, for the audit trail."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReminderForm(forms.Form):
    """The hour of the daily reminder."""

    hour = forms.TypedChoiceField(
        label=_("Remind me at"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("never")), *((hour, f"{hour:02d}:00") for hour in range(24))],
    )
    by_email = forms.BooleanField(label=_("By e-mail too"), required=False)

    @staticmethod
    def facts_of(row: Reminder | None) -> dict[str, Any]:
        return {"hour": row.hour, "by_email": row.by_email} if row else {"by_email": True}


_INTEREST = "interest:"


class LetterForm(forms.Form):
    """Words to a group of one class, or of all classes of the course.

    An interest is chosen like a group; cleaned, `group` is "interest" and `interest` which one.
    """

    group = forms.ChoiceField(label=_("To whom"))
    cohort = forms.ModelChoiceField(label=_("Class"), queryset=None, required=False, empty_label=_("all classes"))
    subject = forms.CharField(label=_("Subject"), max_length=120)
    body = forms.CharField(label=_("Letter"), max_length=5000, widget=forms.Textarea(attrs={"rows": 10}))

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [choice for choice in Letter.Group.choices if choice[0] != Letter.Group.INTEREST]
        shared = [(f"{_INTEREST}{tag}", _("interested in “%(tag)s”") % {"tag": tag}) for tag in interests_in(course)]
        self.fields["group"].choices = groups + shared  # type: ignore[attr-defined]
        self.fields["cohort"].queryset = course.cohorts.order_by("-starts_on")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        group = values.get("group", "")
        if group.startswith(_INTEREST):
            values |= {"group": Letter.Group.INTEREST, "interest": group.removeprefix(_INTEREST)}
        return {"interest": "", **values}

    def clean_subject(self) -> str:
        return " ".join(strip_controls(self.cleaned_data["subject"]).split())

    def clean_body(self) -> str:
        return strip_controls(self.cleaned_data["body"]).strip()


class CardsForm(forms.Form):
    cards = forms.IntegerField(label=_("Make-up cards for each student"), min_value=0, max_value=365)
