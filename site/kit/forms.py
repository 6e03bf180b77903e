"""Form fields that several rooms use."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AreaPostcode(forms.CharField):
    """A postcode that the chosen area decides (Taiwan) or suggests (mainland China): nobody must know it, and it is
    not marked as optional either.
    """

    fills_itself = True

    def __init__(self, **kwargs: object) -> None:
        super().__init__(
            **{"max_length": 20, "help_text": _("The area chosen above fills this in."), **kwargs, "required": False}
        )


DECIDED_BY_AREA = {"TW", "CN"}
