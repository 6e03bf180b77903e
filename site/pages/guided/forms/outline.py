"""Step 2: the outline, and the text of the lesson that is free."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.flows.describe import plain_words
from courses.flows.outline import OutlineLine
from courses.models import LessonPage
from pages.guided.draft import Draft
from pages.guided.forms.fields import LineField, WordsField
from pages.guided.outline import Outline, OutlineUnreadable, parse, written


class OutlineForm(forms.Form):
    outline = forms.CharField(
        label=_("Lesson titles, one a line"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_(
            "Paste them from anywhere. A chapter is a line that ends with a colon, begins with #, or has indented ones below."
        ),
    )
    days = forms.IntegerField(
        label=_("Days from the first lesson to the last"),
        min_value=1,
        max_value=730,
        required=False,
        help_text=_("The lessons open evenly over these days. Left empty: a lesson a day."),
    )
    goal = LineField(label=_("What one can do after the free lesson"), max_length=200, required=False)
    words = WordsField(
        label=_("Text of the free lesson"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Plain words; a blank line begins a paragraph. Pictures, recordings and practice are added in the page editor."
        ),
    )
    free = forms.ChoiceField(
        label=_("Free for everyone"), required=False, help_text=_("Visitors read this lesson before they buy.")
    )

    outline_read: Outline

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        self.draft = draft
        lesson = draft.free_lesson or next(iter(draft.lessons), None)
        page = LessonPage.objects.filter(lesson=lesson).order_by("pk").first() if lesson else None
        self.page: LessonPage | None = page.get_latest_revision_as_object() if page else None
        known = plain_words(self.page) if self.page else ""
        lines = [OutlineLine(row.title, row.module.title if row.module else "") for row in draft.lessons]
        initial = {
            "outline": written(lines),
            "days": draft.course.days if lines else None,
            "free": lesson and lesson.pk,
            "goal": self.page.goal if self.page else "",
            "words": known,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.written_elsewhere = known is None
        if self.written_elsewhere:
            del self.fields["words"]
        if lines:
            self.fields["free"].choices = [(row.pk, row.title) for row in draft.lessons]  # type: ignore[attr-defined]
        else:
            del self.fields["free"]

    def clean_outline(self) -> str:
        text = str(self.cleaned_data["outline"])
        try:
            self.outline_read = parse(text)
        except OutlineUnreadable as error:
            raise forms.ValidationError(str(error)) from error
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "outline" in data and data.get("days") is None and "days" not in self.errors:
            data["days"] = min(len(self.outline_read.lines), 730)
        return data
