"""Addresses of courses (PRODUCT.md, Places), above Wagtail's catch-all."""

from django.urls import path

from courses.views import catalogue, certificate, classes, homework, learn, lesson, live, live_teach, teach, team, wait_list

app_name = "courses"
LESSON = "courses/<slug:course_slug>/<slug:lesson_slug>/"
urlpatterns = [
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/<slug:course_slug>/", catalogue.landing, name="landing"),
    path(LESSON, lesson.lesson, name="lesson"),
    path(f"{LESSON}media/<int:media_id>/", lesson.media, name="media"),
    path(f"{LESSON}complete/", lesson.complete, name="complete"),
    path(f"{LESSON}stopped/", lesson.stopped, name="stopped"),
    path(f"{LESSON}ask/", lesson.ask, name="ask"),
    path(f"{LESSON}homework/", homework.hand_in, name="hand_in"),
    path("homework/<int:submission_id>/file/", homework.file, name="homework_file"),
    path("learn/", learn.learn, name="learn"),
    path("learn/<slug:cohort_slug>/check-in/", learn.check_in, name="check_in"),
    path("learn/calendar/", live.calendar, name="calendar"),
    path("learn/live/<int:session_id>/", live.live, name="live"),
    path("learn/live/<int:session_id>/join/", live.join, name="join"),
    path("learn/live/<int:session_id>/recording/", live.recording, name="recording"),
    path("learn/live/<int:session_id>/session.ics", live.one, name="session_file"),
    path("calendar/<str:token>.ics", live.feed, name="feed"),
    path("teach/classes/<slug:cohort_slug>/live/", live_teach.sessions, name="sessions"),
    path("teach/classes/<slug:cohort_slug>/live/<int:session_id>/", live_teach.session, name="session"),
    path("learn/<slug:cohort_slug>/wait-list/", wait_list.wait_list, name="wait_list"),
    path("learn/<slug:cohort_slug>/pause/", wait_list.pause, name="pause"),
    path("teach/classes/<slug:cohort_slug>/wait-list/", classes.line, name="line"),
    path("teach/", teach.teach, name="teach"),
    path("teach/homework/", teach.queue, name="queue"),
    path("teach/homework/<int:submission_id>/", teach.review, name="review"),
    path("teach/questions/", teach.questions, name="questions"),
    path("teach/classes/<slug:cohort_slug>/", teach.cohort, name="cohort"),
    path("teach/classes/<slug:cohort_slug>/move/", classes.move_pins, name="move_pins"),
    path("teach/classes/<slug:cohort_slug>/rest/", classes.rest, name="rest"),
    path("teach/classes/<slug:cohort_slug>/students/<int:seat_id>/", classes.student, name="student"),
    path("teach/courses/<slug:course_slug>/team/", team.team, name="team"),
    path("teach/courses/<slug:course_slug>/", teach.outline, name="outline"),
    path("teach/courses/<slug:course_slug>/<int:lesson_id>/", teach.lesson_facts, name="lesson_facts"),
    path("certificates/<uuid:uuid>/", certificate.certificate, name="certificate"),
    path("certificates/<uuid:uuid>/pdf/", certificate.pdf, name="certificate_pdf"),
]
