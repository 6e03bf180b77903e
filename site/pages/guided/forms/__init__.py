"""A form a step. Forms check; they save nothing."""

from pages.guided.forms.kit import KitForm
from pages.guided.forms.name import NameForm
from pages.guided.forms.outline import OutlineForm
from pages.guided.forms.price import PriceForm
from pages.guided.forms.sharing import SharingForm

__all__ = ["KitForm", "NameForm", "OutlineForm", "PriceForm", "SharingForm"]
