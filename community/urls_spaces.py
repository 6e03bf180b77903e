"""Doors, members, applications and the owners' pages of spaces. Before the boards: /community/new/ is no space."""

from django.urls import path

from community.views import applications, calendar, joining, members, passes, space_settings

_space = "community/<slug:space_slug>/"
urlpatterns = [
    path("community/new/", space_settings.new_space, name="new_space"),
    path(_space + "join/", joining.join, name="join"),
    path(_space + "hint/", space_settings.hint, name="hint"),
    path(_space + "members/", members.members, name="members"),
    path(_space + "members/<int:place_id>/", members.member, name="member"),
    path(_space + "applications/", applications.applications, name="applications"),
    path(_space + "applications/<int:application_id>/", applications.application, name="application"),
    path(_space + "applications/<int:application_id>/proof/", applications.proof, name="proof"),
    path(_space + "applications/<int:application_id>/decide/", applications.decide, name="decide"),
    path(_space + "settings/", space_settings.settings, name="space_settings"),
    path(_space + "settings/passes/", passes.passes, name="passes"),
    path(_space + "settings/passes/<int:pass_id>/end/", passes.end_pass, name="end_pass"),
    path(_space + "settings/calendar/", calendar.calendar, name="calendar"),
    path(_space + "settings/calendar/<int:entry_id>/", calendar.change_entry, name="change_entry"),
    path(_space + "settings/copy/", space_settings.copy, name="copy_space"),
    path(_space + "settings/archive/", space_settings.archive, name="archive_space"),
]
