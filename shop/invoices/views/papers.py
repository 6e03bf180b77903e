"""/orders/<number>/papers/<paper>.pdf: an order's papers for its buyer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.invoices.models import Paper
from shop.invoices.pdf import paper_pdf
from shop.orders import access


@never_cache
@require_safe
def paper(request: HttpRequest, number: str, paper_number: str) -> HttpResponse:
    """For whom the order's page opens, guests with their key; a paper of another order is as missing as none at all."""
    order = access.order_for(request.user, number, request.GET.get("key", ""))
    return pdf_response(get_object_or_404(Paper.objects.select_related("corrects"), order=order, number=paper_number))


def pdf_response(row: Paper) -> HttpResponse:
    """The file, under its number."""
    response = HttpResponse(paper_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response
