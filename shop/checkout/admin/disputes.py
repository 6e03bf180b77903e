"""/admin/shop/disputes/: what buyers' banks take back, until when it must be answered, and the answer. The owner's."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.backoffice import admin_page, chips, for_roles, page_of
from accounts.roles import OWNER
from shop.checkout import flows
from shop.checkout.admin import reads
from shop.checkout.evidence import LONGEST, first_draft
from shop.payments.models import Dispute, DisputeEvidence

STATES = [("open", gettext_lazy("open")), ("closed", gettext_lazy("closed")), ("", gettext_lazy("all"))]


@for_roles(OWNER)
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """`?state=` open | closed, those whose deadline is nearest first."""
    state = request.GET.get("state", "open")
    page = page_of(request, reads.disputes(state))
    context = {"page": page, "states": chips(request, "state", STATES, state)}
    return admin_page(request, "shop/admin/disputes.html", context, title=_("Disputes"), icon="warning")


PAPERS = {
    "receipt": gettext_lazy("Receipt"),
    "shipping_documentation": gettext_lazy("Proof of delivery"),
    "customer_communication": gettext_lazy("Letters between the buyer and you"),
    "customer_signature": gettext_lazy("Signature"),
    "refund_policy": gettext_lazy("Refund policy as shown"),
    "uncategorized_file": gettext_lazy("Another paper"),
}


class EvidenceForm(forms.Form):
    """The texts that Stripe passes on, by its names."""

    product_description = forms.CharField(label=gettext_lazy("What was sold"), widget=forms.Textarea(attrs={"rows": 4}))
    uncategorized_text = forms.CharField(
        label=gettext_lazy("What was written with the buyer, and anything else"), widget=forms.Textarea(attrs={"rows": 6})
    )
    access_activity_log = forms.CharField(
        label=gettext_lazy("When the buyer used the course"), widget=forms.Textarea(attrs={"rows": 6})
    )
    service_date = forms.CharField(label=gettext_lazy("First day of the class"))
    shipping_carrier = forms.CharField(label=gettext_lazy("Carrier"))
    shipping_tracking_number = forms.CharField(label=gettext_lazy("Tracking number"))
    shipping_date = forms.CharField(label=gettext_lazy("Day of sending"))
    shipping_address = forms.CharField(label=gettext_lazy("Sent to"), widget=forms.Textarea(attrs={"rows": 3}))
    refund_policy_disclosure = forms.CharField(
        label=gettext_lazy("How the buyer was told about refunds"), widget=forms.Textarea(attrs={"rows": 3})
    )
    refund_refusal_explanation = forms.CharField(
        label=gettext_lazy("Why no refund is due"), widget=forms.Textarea(attrs={"rows": 3})
    )
    customer_name = forms.CharField(label=gettext_lazy("Buyer's name"))
    customer_email_address = forms.CharField(label=gettext_lazy("Buyer's e-mail address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            field.max_length = LONGEST  # type: ignore[attr-defined]
            field.widget.attrs["maxlength"] = LONGEST


@for_roles(OWNER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Everything about one; `action` save | submit keeps or sends the evidence."""
    row = get_object_or_404(reads.disputes(""), pk=dispute_id)
    evidence = getattr(row, "evidence", None)
    form = EvidenceForm(request.POST or None, initial=evidence.texts if evidence else first_draft(row))
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _answer(request, row, form.cleaned_data))  # what was written is kept before all else
        except flows.CannotAnswer as refusal:
            messages.error(request, str(refusal))
        return redirect("shop_dispute", row.pk)
    sent = evidence is not None and evidence.state == DisputeEvidence.State.SUBMITTED
    context = {
        "dispute": row,
        "order": row.payment.order,
        "form": form,
        "evidence": evidence,
        "said": [(form.fields[name].label, text) for name, text in evidence.texts.items()] if sent and evidence else [],
        "papers": _papers(evidence),
        "answerable": row.state in Dispute.UNANSWERED and not sent,
    }
    parents = [(_("Disputes"), reverse("shop_disputes"))]
    title = _("Dispute of %(number)s") % {"number": row.payment.order.number}
    return admin_page(request, "shop/admin/dispute.html", context, title=title, icon="warning", parents=parents)


def _papers(evidence: DisputeEvidence | None) -> list[dict[str, Any]]:
    """Every kind of paper, with `name` and `size` where one is attached."""
    known = evidence.papers if evidence else {}
    return [{"field": field, "label": label, **known.get(field, {})} for field, label in PAPERS.items()]


def _answer(request: HttpRequest, row: Dispute, texts: dict[str, str]) -> str:
    """`action`: save, submit, or remove:<a paper's field>. What went well, in words; raises CannotAnswer."""
    action, _colon, field = request.POST.get("action", "").partition(":")
    flows.save_evidence(dispute=row, texts=texts)
    for name in PAPERS.keys() & request.FILES.keys():
        flows.attach_paper(dispute=row, field=name, paper=request.FILES[name])
    if action == "remove":
        flows.remove_paper(dispute=row, field=field)
    if action == "submit":
        flows.submit_evidence(dispute=row, texts=texts, actor=request.user)
        return _("The evidence is with the bank. It decides within some weeks.")
    return _("Saved. Nothing has been sent yet.")
