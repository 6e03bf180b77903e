"""What an owner wants to give back, and the confirmation of what was previewed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kit.money import parse_amount
from shop.catalogue.policies import KEPT, OPENED, UNOPENED
from shop.checkout import flows
from shop.checkout.flows.propose import Proposal, propose_refund
from shop.checkout.flows.refund_preview import Parts, part_of
from shop.orders.models import Order
from shop.payments.reads import parts_left

WHATS = [
    ("policy", gettext_lazy("What the order's refund policy says")),
    ("all", gettext_lazy("Everything: course, goods and delivery")),
    ("kit", gettext_lazy("Only the goods: the course stays")),
    ("parts", gettext_lazy("Chosen lines or parts")),
    ("amount", gettext_lazy("An amount, shared among what is chosen (or everything)")),
]
CONDITIONS = [
    (UNOPENED, gettext_lazy("it came back unopened")),
    (OPENED, gettext_lazy("it came back opened")),
    (KEPT, gettext_lazy("it stays with the buyer")),
]


class Choice(forms.Form):
    """What to give back; `part` names components by id, `line` lines with all their parts."""

    what = forms.ChoiceField(choices=WHATS)
    part = forms.TypedMultipleChoiceField(coerce=int, required=False)
    line = forms.TypedMultipleChoiceField(coerce=int, required=False)
    amount_wanted = forms.CharField(max_length=20, required=False)
    condition = forms.ChoiceField(choices=CONDITIONS, required=False)
    keeps_course = forms.BooleanField(required=False)

    def __init__(self, data: object, order: Order) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.order, self.left = order, {part: sums for part, sums in parts_left(order).items() if sum(sums)}
        self.lines = {part.line_id: part.line for part in self.left}
        self.fields["part"].choices = [(part.pk, part.title) for part in self.left]  # type: ignore[attr-defined]
        self.fields["line"].choices = [(pk, line.title) for pk, line in self.lines.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("what") == "parts" and not self.chosen:
            raise forms.ValidationError(_("Choose at least one part."))
        if values.get("what") == "amount":
            try:
                values["amount_wanted"] = parse_amount(values.get("amount_wanted") or "", self.order.currency)
            except ValueError as error:
                raise forms.ValidationError(str(error)) from error
        return values

    @property
    def chosen(self) -> set[int]:
        """Components by id, those of chosen lines too."""
        lines = self.cleaned_data.get("line") or []
        return {part.pk for part in self.left if part.line_id in lines} | set(self.cleaned_data.get("part") or [])

    def proposal(self) -> Proposal | None:
        """What the policy says, where that was asked for."""
        if self.cleaned_data["what"] != "policy":
            return None
        condition = self.cleaned_data["condition"] or UNOPENED
        return propose_refund(order=self.order, condition=condition, keeps_course=self.cleaned_data["keeps_course"])

    def wish(self, proposal: Proposal | None) -> tuple[Parts | str, int]:
        """(components, delivery) as the flow takes them; for a valid form only. Raises CannotRefund."""
        what = self.cleaned_data["what"]
        if proposal is not None:
            return proposal.parts, proposal.shipping
        if what == "amount":
            return part_of(self.order, self.cleaned_data["amount_wanted"], self.chosen)
        if what == "all":
            return flows.EVERYTHING, 0
        if what == "kit":
            return flows.kit_only(self.order), 0
        return {part: sums for part, sums in self.left.items() if part.pk in self.chosen}, 0

    def repeated(self) -> list[tuple[str, str]]:
        """(name, value) of hidden fields that ask for the same again."""
        found = [("what", self.cleaned_data["what"])]
        found += [(name, str(pk)) for name in ("part", "line") for pk in self.cleaned_data[name]]
        found += [(name, self.data[name]) for name in ("amount_wanted", "condition", "keeps_course") if self.data.get(name)]
        return found


class Confirmation(forms.Form):
    """`amount` and `left` are what the preview said: where the order changed since, nothing is refunded."""

    amount = forms.IntegerField(min_value=0)
    left = forms.IntegerField(min_value=0, required=False)
    key = forms.UUIDField()
    reason = forms.CharField(max_length=300)
    message = forms.CharField(max_length=4000, required=False)
