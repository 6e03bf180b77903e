"""Addresses of notes; part of community.urls."""

from django.urls import path

from community.views import note_acts, note_desk, notes

_note = "notes/<int:note_id>/"
urlpatterns = [
    path("notes/", notes.wall, name="notes"),
    path("notes/new/", note_desk.new, name="new_note"),
    path("notes/mine/", note_desk.mine, name="my_notes"),
    path("notes/reports/", note_acts.reports, name="note_reports"),
    path("notes/reports/<int:report_id>/keep/", note_acts.keep, name="keep_reported"),
    path("notes/<int:note_id>-<str:slug>/", notes.note, name="note"),
    path(_note, notes.note, name="note_by_id"),
    path(_note + "to/<int:thing_id>/", notes.to, name="note_to"),
    path(_note + "edit/", note_desk.edit, name="edit_note"),
    path(_note + "desk/", note_desk.desk, name="note_desk"),
    path(_note + "tag/", note_desk.tag, name="tag_note"),
    path(_note + "pictures/<int:picture_id>/", note_desk.picture, name="note_picture"),
    path(_note + "publish/", note_desk.publish, name="publish_note"),
    path(_note + "delete/", note_desk.delete, name="delete_note"),
    path(_note + "like/", note_acts.like, name="like_note"),
    path(_note + "pick/", note_acts.pick, name="pick_note"),
    path(_note + "report/", note_acts.report, name="report_note"),
    path(_note + "remove/", note_acts.remove, name="remove_note"),
    path(_note + "comment/", note_acts.comment, name="comment_note"),
    path(_note + "comments/<int:comment_id>/remove/", note_acts.remove_comment, name="remove_comment"),
    path(_note + "comments/<int:comment_id>/report/", note_acts.report, name="report_comment"),
]
