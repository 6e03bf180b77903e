"""Blocks of a lesson. Media are rows of the course in the private bucket, never Wagtail images or documents."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from kit.blocks import ThingBlock
from kit.embeds import embed_of


class PracticeBlock(blocks.StructBlock):
    minutes = blocks.IntegerBlock(label=_("Minutes"), min_value=1, max_value=180)
    task = blocks.TextBlock(label=_("What to do"))

    class Meta:
        icon = "time"
        label = _("Practice")
        template = "courses/blocks/practice.html"


class MediaBlock(blocks.StructBlock):
    media = SnippetChooserBlock("courses.Media", label=_("File"))
    caption = blocks.CharBlock(label=_("Caption"), required=False)
    loop_from = blocks.FloatBlock(label=_("Repeat from second"), required=False, min_value=0)
    loop_to = blocks.FloatBlock(
        label=_("Repeat to second"), required=False, min_value=0, help_text=_("A part to practise; students may change it.")
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        first, last = cleaned.get("loop_from"), cleaned.get("loop_to")
        if first is not None and (last is None or last <= first):
            words = gettext("The part ends after it begins.")
            raise blocks.StructBlockValidationError(block_errors={"loop_to": ValidationError(words)})
        return cleaned

    class Meta:
        icon = "media"
        label = _("Recording, film or picture")
        template = "courses/blocks/media.html"


class QuizBlock(SnippetChooserBlock):
    """A quiz of the course. The card shows where the reader stands, from the page's `quizzes` (by id)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("courses.Quiz", **kwargs)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["standing"] = context.get("quizzes", {}).get(value.pk) if value else None
        return context

    class Meta:
        icon = "help"
        label = _("Quiz")
        template = "courses/blocks/quiz.html"


class CheckInBlock(blocks.StructBlock):
    """打卡 in the lesson: the reader's class and whether today is done come from the page."""

    prompt = blocks.CharBlock(label=_("Question"), required=False, max_length=200)

    class Meta:
        icon = "tick-inverse"
        label = _("Check-in")
        template = "courses/blocks/check_in.html"


class HomeworkBlock(blocks.StaticBlock):
    """Leads to the lesson's homework, whose words and form stand below."""

    class Meta:
        icon = "upload"
        label = _("Homework")
        admin_text = _("Leads to this lesson's homework. What to hand in is written under “Day and homework”.")
        template = "courses/blocks/homework.html"


class CodeBlock(blocks.StructBlock):
    """A program or chords in fixed width, shown as they are typed and never run."""

    language = blocks.CharBlock(label=_("Language"), required=False, max_length=30)
    code = blocks.TextBlock(label=_("Code"), rows=8)

    class Meta:
        icon = "code"
        label = _("Code")
        template = "design/blocks/code.html"


class EmbedBlock(blocks.StructBlock):
    """A player of another site, loaded when the reader asks for it; known hosts only."""

    url = blocks.URLBlock(label=_("Address"), help_text=_("YouTube, Vimeo, Bilibili, SoundCloud or Spotify."))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if embed_of(cleaned["url"]) is None:
            words = gettext("This is no film or recording of YouTube, Vimeo, Bilibili, SoundCloud or Spotify.")
            raise blocks.StructBlockValidationError(block_errors={"url": ValidationError(words)})
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["embed"] = embed_of(value["url"])
        return context

    class Meta:
        icon = "media"
        label = _("Film or sound of another site")
        template = "design/blocks/embed.html"


class TableBlock(TypedTableBlock):
    class Meta:
        icon = "table"
        label = _("Table")
        template = "design/blocks/table.html"


class LessonBody(blocks.StreamBlock):
    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="design/blocks/heading.html")
    text = blocks.RichTextBlock(
        label=_("Text"),
        features=["bold", "italic", "superscript", "subscript", "link", "ul", "ol"],
        template="design/blocks/text.html",
    )
    steps = blocks.ListBlock(
        blocks.TextBlock(label=_("Step")), label=_("Steps"), icon="list-ol", template="courses/blocks/steps.html"
    )
    callout = blocks.TextBlock(label=_("Remember"), icon="info-circle", template="courses/blocks/callout.html")
    media = MediaBlock()
    embed = EmbedBlock()
    code = CodeBlock()
    table = TableBlock([("text", blocks.CharBlock(label=_("Text"), required=False, max_length=500))])
    practice = PracticeBlock()
    quiz = QuizBlock()
    check_in = CheckInBlock()
    homework = HomeworkBlock()
    offer = ThingBlock()


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"))
    answer = blocks.TextBlock(label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")
        template = "courses/blocks/question.html"


class Questions(blocks.StreamBlock):
    question = QuestionBlock()
