"""The steps that ask something. An error keeps everything that was typed, and says at the field what is wrong."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.roles import oversees
from courses.flows.cohorts import CohortBegun
from courses.flows.outline import OutlineRefused
from kit.pictures import picture_urls
from kit.storage import StorageFault
from pages.guided import flows
from pages.guided.draft import Draft, own_draft
from pages.guided.forms import KitForm, NameForm, OutlineForm, PriceForm, SharingForm
from pages.guided.numbers import Split, split_of
from pages.guided.views.frame import onward, price_first, screen, teachers_only
from shop.referrals.limits import Limits, limits_now
from stock.flows import OutOfStock


@teachers_only
def start(request: HttpRequest) -> HttpResponse:
    """Step 1 of a course that does not exist yet."""
    form = NameForm(request.POST or None, request.FILES or None)
    key = request.POST.get("key", "")[:64] or uuid4().hex
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "tagline", "slug", "language", "cover")}
        try:
            course = flows.start_course(teacher=request.user, key=key, **values)
        except (*StorageFault, OSError):
            form.add_error("cover", _("The picture cannot be stored at the moment. Go on without it and add it later."))
        else:
            return onward(request, "name", course.pk)
    return _name_screen(request, None, form, key)


@teachers_only
def name(request: HttpRequest, course_id: int) -> HttpResponse:
    """Step 1 of a course under way."""
    draft = own_draft(request.user, course_id)
    form = NameForm(request.POST or None, request.FILES or None, draft=draft)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        values = {
            "title": data["title"],
            "tagline": data["tagline"],
            "slug": data.get("slug", draft.course.slug),
            "cover": data["cover"],
        }
        try:
            flows.describe(draft=draft, actor=request.user, **values)
        except (*StorageFault, OSError):
            form.add_error("cover", _("The picture cannot be stored at the moment. Go on without it and add it later."))
        else:
            return onward(request, "name", course_id)
    return _name_screen(request, draft, form, "")


def _name_screen(request: HttpRequest, draft: Draft | None, form: NameForm, key: str) -> HttpResponse:
    cover = draft.page.cover if draft else None
    picture = picture_urls([cover]).get(cover.pk, "") if cover else ""
    if form.errors and request.FILES:
        # A browser does not send a chosen file a second time.
        form.fields["cover"].help_text = _("Please choose the picture once more.")
    return _screen(request, "name", draft, form, {"key": key, "picture": picture})


@teachers_only
def outline(request: HttpRequest, course_id: int) -> HttpResponse:
    """Step 2."""
    draft = own_draft(request.user, course_id)
    form = OutlineForm(request.POST or None, draft=draft)
    if request.method == "POST" and form.is_valid():
        data, read = form.cleaned_data, form.outline_read
        free = int(data["free"]) if data.get("free") else None
        try:
            flows.save_outline(
                draft=draft,
                lines=read.lines,
                days=data["days"],
                free=free,
                goal=data["goal"],
                words=data.get("words"),
                actor=request.user,
            )
        except OutlineRefused as error:
            form.add_error(
                "outline",
                _("These lessons hold work already and would be lost: %(titles)s. Put their titles back.")
                % {"titles": ", ".join(error.titles)},
            )
        else:
            _tell_repeated(request, read.repeated)
            return onward(request, "outline", course_id)
    return _screen(request, "outline", draft, form, {})


def _tell_repeated(request: HttpRequest, repeated: int) -> None:
    if repeated:
        text = ngettext(
            "%(count)d line stood there twice and was left out.", "%(count)d lines stood there twice and were left out.", repeated
        )
        messages.info(request, text % {"count": repeated})


@teachers_only
def price(request: HttpRequest, course_id: int) -> HttpResponse:
    """Step 3."""
    draft = own_draft(request.user, course_id)
    form = PriceForm(request.POST or None, draft=draft)
    if request.method == "POST" and form.is_valid():
        values = {
            field: form.cleaned_data[field] for field in ("currency", "name", "starts_on", "seats", "time_zone", "start_rule")
        }
        try:
            flows.save_price(draft=draft, amount=form.amount, actor=request.user, **values)
        except CohortBegun:
            form.add_error("starts_on", _("Students have seats in this class: its dates, time zone and rule stay."))
        except OutOfStock as shortage:
            form.add_error("seats", _("%(count)d seats are taken or being paid for.") % {"count": shortage.wanted})
        except ValueError as error:
            form.add_error("price", str(error))
        else:
            return onward(request, "price", course_id)
    return _screen(request, "price", draft, form, {})


@teachers_only
def kit(request: HttpRequest, course_id: int) -> HttpResponse:
    """Step 4."""
    draft = own_draft(request.user, course_id)
    if draft.price is None:
        return price_first(request, draft)
    form = KitForm(request.POST or None, draft=draft)
    if request.method == "POST" and form.is_valid():
        try:
            if form.wants_kit:
                flows.save_kit(draft=draft, part=form.part_amount, **_goods(form))
            else:
                flows.leave_kit_out(draft=draft)
        except OutOfStock as shortage:
            form.add_error("on_hand", _("%(count)d are sold or being paid for.") % {"count": shortage.wanted})
        else:
            return onward(request, "kit", course_id)
    return _screen(request, "kit", draft, form, {})


def _goods(form: KitForm) -> dict[str, Any]:
    data = form.cleaned_data
    sizes = {f"{side}_mm": int(data[side] * 10) for side in ("length", "width", "height")}
    same = {field: data[field] for field in ("name", "contents", "on_hand", "weight_g")}
    return {**same, **sizes, "value": form.value_amount, "currency": form.price.currency}


@teachers_only
def sharing(request: HttpRequest, course_id: int) -> HttpResponse:
    """Step 5, with the numbers of one sale; "recalculate" saves nothing."""
    draft = own_draft(request.user, course_id)
    if draft.price is None:
        return price_first(request, draft)
    form = SharingForm(request.POST or None, draft=draft, limits=_limits(request.user))
    if request.method == "POST" and form.is_valid() and "recalculate" not in request.POST:
        own = form.cleaned_data["own_agreement"]
        flows.save_sharing(draft=draft, rules=form.rules(), own_agreement=own, actor=request.user)
        return onward(request, "sharing", course_id)
    return _screen(request, "sharing", draft, form, {"split": _split(draft, form)})


@require_GET
@teachers_only
def numbers(request: HttpRequest, course_id: int) -> HttpResponse:
    """The numbers of one sale at the rates asked for, as a piece of the page; 400 where they are no rates."""
    draft = own_draft(request.user, course_id)
    form = SharingForm(request.GET, draft=draft, limits=_limits(request.user))
    split = _split(draft, form)
    if draft.price is None or not form.is_valid() or split is None:
        return HttpResponse(status=400)
    return render(request, "pages/guided/numbers.html", {"split": split})


def _limits(user: Any) -> Limits | None:
    """The owner sets limits for the others."""
    return None if oversees(user) else limits_now()


def _split(draft: Draft, form: SharingForm) -> Split | None:
    """At the typed rates, at the saved ones before anything is typed; None where the typed ones are no rates."""
    if draft.price is None or (form.is_bound and not form.is_valid()):
        return None
    rules = form.rules() if form.is_bound else form.kept
    price, teacher_id = draft.price, draft.course.teacher_id
    return split_of(price.amount, price.currency, draft.parts, rules, teacher_id=teacher_id, points=draft.points)


def _screen(request: HttpRequest, step: str, draft: Draft | None, form: Any, context: dict[str, Any]) -> HttpResponse:
    """The step's form; with errors it comes back as 422, so that scripts and tests can tell."""
    return screen(request, step, draft, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)
