"""The questions of a quiz as a teacher writes them. The right answers stand here and in frozen attempts, nowhere else."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.grading import decimal_of, same_words

MOST_CHOICES, MOST_QUESTIONS = 20, 200


def refuse(field: str, words: str) -> blocks.StructBlockValidationError:
    return blocks.StructBlockValidationError(block_errors={field: ValidationError(words)})


class ChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Choice"), max_length=300)
    right = blocks.BooleanBlock(label=_("This is right"), required=False)
    feedback = blocks.CharBlock(
        label=_("Word to whoever chose it"), required=False, max_length=300, help_text=_("Shown after handing in.")
    )

    class Meta:
        label = _("Choice")


class QuestionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Question"), rows=2, max_length=2000)
    points = blocks.IntegerBlock(label=_("Points"), default=1, min_value=1, max_value=100)


class ChoicesBlock(QuestionBlock):
    choices = blocks.ListBlock(ChoiceBlock(), label=_("Choices"), min_num=2, max_num=MOST_CHOICES)
    explanation = blocks.TextBlock(label=_("Explanation"), rows=2, required=False, help_text=_("Shown after handing in."))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        texts = [same_words(choice["text"]) or choice["text"] for choice in cleaned["choices"]]
        if len(set(texts)) < len(texts):
            raise refuse("choices", say("Two choices say the same."))
        self.check_rights(sum(1 for choice in cleaned["choices"] if choice["right"]), len(texts))
        return cleaned

    def check_rights(self, rights: int, choices: int) -> None:
        raise NotImplementedError


class SingleBlock(ChoicesBlock):
    def check_rights(self, rights: int, choices: int) -> None:
        if rights != 1:
            raise refuse("choices", say("Mark exactly one choice as right."))

    class Meta:
        icon = "radio-full"
        label = _("One right choice")


class MultipleBlock(ChoicesBlock):
    def check_rights(self, rights: int, choices: int) -> None:
        if not 1 <= rights < choices:
            raise refuse("choices", say("Mark at least one choice as right and leave at least one wrong: a wrong tick costs."))

    class Meta:
        icon = "tick-inverse"
        label = _("Several right choices, a wrong tick costs")


class NumberBlock(QuestionBlock):
    answer = blocks.CharBlock(label=_("Right number"), max_length=40)
    tolerance = blocks.CharBlock(label=_("May differ by"), default="0", max_length=40)
    explanation = blocks.TextBlock(label=_("Explanation"), rows=2, required=False, help_text=_("Shown after handing in."))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        for field in ("answer", "tolerance"):
            number = decimal_of(cleaned[field])
            if number is None or (field == "tolerance" and number < 0):
                raise refuse(field, say("Write a number."))
            cleaned[field] = str(number)
        return cleaned

    class Meta:
        icon = "order"
        label = _("A number")


class ShortTextBlock(QuestionBlock):
    accepted = blocks.ListBlock(blocks.CharBlock(label=_("Right answer"), max_length=200), label=_("Right answers"), min_num=1)
    explanation = blocks.TextBlock(label=_("Explanation"), rows=2, required=False, help_text=_("Shown after handing in."))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not all(same_words(words) for words in cleaned["accepted"]):
            raise refuse("accepted", say("A right answer needs letters, digits or characters."))
        return cleaned

    class Meta:
        icon = "pilcrow"
        label = _("A short text")


class OrderBlock(QuestionBlock):
    items = blocks.ListBlock(
        blocks.CharBlock(label=_("Item"), max_length=200), label=_("Items in the right order"), min_num=2, max_num=MOST_CHOICES
    )
    explanation = blocks.TextBlock(label=_("Explanation"), rows=2, required=False, help_text=_("Shown after handing in."))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if len(set(cleaned["items"])) < len(cleaned["items"]):
            raise refuse("items", say("Two items say the same."))
        return cleaned

    class Meta:
        icon = "list-ol"
        label = _("Put into order")


class QuestionList(blocks.StreamBlock):
    """Names of the blocks are the kinds of `courses.grading`."""

    single = SingleBlock()
    multiple = MultipleBlock()
    number = NumberBlock()
    text = ShortTextBlock()
    order = OrderBlock()

    class Meta:
        min_num = 1
        max_num = MOST_QUESTIONS
