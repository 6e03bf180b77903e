"""/admin/new-course/…"""

from django.urls import path

from pages.guided import views

app_name = "guided"
urlpatterns = [
    path("", views.courses.courses, name="courses"),
    path("name/", views.steps.start, name="start"),
    path("<int:course_id>/", views.courses.go_on, name="go_on"),
    path("<int:course_id>/name/", views.steps.name, name="name"),
    path("<int:course_id>/outline/", views.steps.outline, name="outline"),
    path("<int:course_id>/price/", views.steps.price, name="price"),
    path("<int:course_id>/kit/", views.steps.kit, name="kit"),
    path("<int:course_id>/referral/", views.steps.sharing, name="sharing"),
    path("<int:course_id>/referral/numbers/", views.steps.numbers, name="numbers"),
    path("<int:course_id>/next-class/", views.next_class.next_class, name="next_class"),
    path("<int:course_id>/check/", views.check.check, name="check"),
    path("<int:course_id>/lessons/", views.check.lessons, name="lessons"),
    # The word "preview" in the address lets our own page show it in a frame (config/middleware/headers.py).
    path("<int:course_id>/preview/", views.check.look, name="look"),
    path("<int:course_id>/preview/<slug:lesson_slug>/", views.check.look, name="look_lesson"),
]
