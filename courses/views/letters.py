"""/teach/courses/<slug>/letters/: write once to a group, after a look at how many get it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import flows
from courses.forms import LetterForm
from courses.permissions import Can, taught_course
from courses.views.teach import teachers_only

MOST_SHOWN = 20


@teachers_only
def letters(request: HttpRequest, course_slug: str) -> HttpResponse:
    """The form; `look` counts and shows, `send` sends. Below, what was sent before."""
    course = taught_course(request.user, course_slug, Can.WRITE)
    form = LetterForm(course, request.POST if request.method == "POST" else None)
    context = {
        "course": course,
        "form": form,
        "sent": course.letters.select_related("cohort", "author").order_by("-sent_at")[:MOST_SHOWN],
    }
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if "send" in request.POST:
            try:
                letter = flows.send_letter(course=course, author=request.user, **values)
            except flows.TooManyLetters:
                form.add_error(None, _("Three letters a day are enough. Your words are still here: send them tomorrow."))
            except flows.NobodyToWrite:
                form.add_error(None, _("In this group is nobody who wants letters."))
            else:
                count = len(letter.people)
                words = ngettext("On its way to %(count)d person.", "On its way to %(count)d people.", count)
                messages.success(request, words % {"count": count})
                return redirect("courses:letters", course_slug=course.slug)
        else:
            readers, everybody = flows.readers_of(
                values["group"], course=course, cohort=values["cohort"], interest=values["interest"]
            )
            context |= {"looked": True, "readers": len(readers), "others": everybody - len(readers)}
    return render(request, "courses/teach/letters.html", context)
