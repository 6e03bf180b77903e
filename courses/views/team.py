"""/teach/courses/<course>/team/: who works on a course, and what each role may do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses import flows
from courses.forms import TeamForm
from courses.models import TeamMember
from courses.permissions import TABLE, WORDS, Can, may, refuse_without, taught_course
from courses.views.teach import teachers_only


@teachers_only
def team(request: HttpRequest, course_slug: str) -> HttpResponse:
    """Everybody on the team may look; who may choose the team adds by e-mail address and removes."""
    course = taught_course(request.user, course_slug)
    if request.method == "POST":
        refuse_without(request.user, course, Can.MANAGE_TEAM)
    if "remove" in request.POST:
        ident = request.POST["remove"]
        member = get_object_or_404(TeamMember, course=course, pk=int(ident) if ident.isdecimal() and len(ident) < 19 else 0)
        flows.remove_from_team(course=course, user=member.user, role=member.role, actor=request.user)
        return redirect("courses:team", course_slug=course.slug)
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flows.add_to_team(course=course, user=form.person, role=form.cleaned_data["role"], actor=request.user)
        messages.success(request, _("%(name)s is on the team.") % {"name": form.person.display_name})
        return redirect("courses:team", course_slug=course.slug)
    roles = [TeamMember.Role(role) for role in TABLE]
    context = {
        "course": course,
        "members": list(course.team.select_related("user").order_by("pk")),
        "roles": [role.label for role in roles],
        "table": [(words, [(role.label, action in TABLE[role]) for role in roles]) for action, words in WORDS.items()],
        "form": form,
        "manages": may(request.user, course, Can.MANAGE_TEAM),
    }
    return render(request, "courses/teach/team.html", context)
