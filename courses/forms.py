"""Forms of the teacher's workspace."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.flows import RemarkAt
from courses.models import Lesson

MOST_REMARKS = 60


class ReviewForm(forms.Form):
    """An answer to homework; the remarks come beside it as `second` and `remark` pairs."""

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
    pairs = zip(data.getlist("second"), data.getlist("remark"), strict=False)
    found = [(seconds_of(second), text.strip()) for second, text in list(pairs)[:MOST_REMARKS]]
    return [RemarkAt(second=second, text=text) for second, text in found if second is not None and text]


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
    """The facts of a lesson that are not its text."""

    day = forms.IntegerField(label=_("Opens on day"), min_value=1, max_value=1000)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600)
    is_preview = forms.BooleanField(label=_("Free preview: open to everyone"), required=False)
    homework = forms.CharField(
        label=_("Homework"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
        help_text=_("What to hand in: text, a recording or a file. Empty: no homework."),
    )

    @staticmethod
    def facts_of(lesson: Lesson) -> dict[str, Any]:
        assignment = getattr(lesson, "assignment", None)
        return {
            "day": lesson.day,
            "minutes": lesson.minutes,
            "is_preview": lesson.is_preview,
            "homework": assignment.prompt if assignment else "",
        }
