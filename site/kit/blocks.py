"""StreamField blocks that several rooms share."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from kit import things


class ThingBlock(blocks.CharBlock):
    """A reference such as `offer:3` whose card an upper room provides; shows nothing to whom it is not for."""

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["card"] = things.card(value, context.get("request"))
        return context

    class Meta:
        icon = "tag"
        label = _("Offer")
        template = "design/thing_block.html"


class StoryBody(blocks.StreamBlock):
    """Landing and article pages: words, pictures, an offer."""

    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="design/blocks/heading.html")
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "link", "ul", "ol"], template="design/blocks/text.html")
    picture = ImageChooserBlock(label=_("Picture"), template="design/blocks/picture.html")
    quote = blocks.TextBlock(label=_("Quotation"), icon="openquote", template="design/blocks/quote.html")
    offer = ThingBlock()
