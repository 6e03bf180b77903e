"""/account/privacy/: take one's data along, or leave."""

import json
import zipfile
from io import BytesIO

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.flows import erase_account
from accounts.proof import proof_required
from kit.persons import CannotErase, everything_of


@login_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "account/privacy.html")


@login_required
@require_POST
@proof_required
def export(request: HttpRequest) -> HttpResponse:
    """Everything that the rooms hold of this person, as a zip with one JSON file a room."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for room, data in everything_of(request.user).items():
            archive.writestr(f"{room}.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"', "Cache-Control": "no-store"}
    return HttpResponse(out.getvalue(), content_type="application/zip", headers=headers)


@login_required
@require_POST
@proof_required
def erase(request: HttpRequest) -> HttpResponse:
    """Leave for good, once the word was typed."""
    if request.POST.get("sure") != "yes":
        return render(request, "account/privacy.html", {"error": _("Please tick that you are sure.")}, status=422)
    try:
        erase_account(user=request.user)
    except CannotErase as error:
        return render(request, "account/privacy.html", {"error": str(error)}, status=422)
    logout(request)
    return redirect("/")
