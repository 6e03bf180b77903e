"""The books: the trial balance, and the transactions behind it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.roles import OWNER
from shop.checkout.admin import reads


@for_roles(OWNER)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """`?account=` and `?q=` (an order's holder such as order:17, a key, a text) choose transactions."""
    account, query = request.GET.get("account", ""), request.GET.get("q", "")
    context = {
        "books": reads.books(),
        "page": page_of(request, reads.transactions(account, query)),
        "account": account,
        "query": query,
    }
    return admin_page(request, "shop/admin/ledger.html", context, title=_("Ledger"), icon="table")
