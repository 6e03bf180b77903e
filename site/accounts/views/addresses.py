"""/account/addresses/: the address book."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import flows
from accounts.access import address_of
from accounts.address_form import AddressForm
from accounts.models import Address
from kit.addresses import InvalidAddress, lines_of

MOST = 10
HOME_OF_LANGUAGE = {"zh-hans": "CN"}


@login_required
def addresses(request: HttpRequest) -> HttpResponse:
    """All of one's addresses, the default first."""
    rows = Address.objects.filter(user=request.user).order_by("-is_default", "pk")
    book = [{"row": row, "lines": ", ".join(lines_of(vars(row)))} for row in rows]
    return render(request, "account/addresses.html", {"book": book, "full": len(book) >= MOST})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Add one. A `turn` button asks for the fields of another country or area, where no script does."""
    if request.method != "POST" or "turn" in request.POST:
        values = request.POST.dict() or {"name": request.user.name, "country": HOME_OF_LANGUAGE.get(request.LANGUAGE_CODE, "TW")}
        return render(request, "account/address_new.html", {"form": AddressForm(values=values)})
    form = AddressForm(request.POST, values=request.POST.dict())
    if form.is_valid() and Address.objects.filter(user=request.user).count() < MOST:
        try:
            flows.save_address(
                user=request.user, name=form.cleaned_data["name"], phone=form.cleaned_data["phone"], parts=form.parts()
            )
        except InvalidAddress as error:
            _show(form, error)
        else:
            messages.success(request, _("The address is in your book."))
            return redirect("people:addresses")
    return render(request, "account/address_new.html", {"form": form}, status=422)


def _show(form: AddressForm, error: InvalidAddress) -> None:
    words = {"required": _("Please fill this in."), "invalid": _("This does not fit the area chosen.")}
    for name, why in error.errors.items():
        form.add_error(name if name in form.fields else None, words.get(why, why))


@login_required
def areas(request: HttpRequest) -> HttpResponse:
    """The fields that follow from country and areas (htmx)."""
    return render(request, "account/address_areas.html", {"form": AddressForm(values=request.GET.dict())})


@login_required
@require_POST
def default(request: HttpRequest, address_id: int) -> HttpResponse:
    flows.make_default(address=address_of(request.user, address_id))
    return redirect("people:addresses")


@login_required
@require_POST
def delete(request: HttpRequest, address_id: int) -> HttpResponse:
    flows.delete_address(address=address_of(request.user, address_id))
    messages.success(request, _("The address is gone. Orders keep the one they were sent to."))
    return redirect("people:addresses")
