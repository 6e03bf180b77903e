from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.inbox, name="inbox"),
    path("notices/read/", views.mark_read, name="mark_read"),
    path("notices/letters/", views.letters_page, name="letters"),
    path("notices/letters/stop/<str:token>/", views.stop_letters, name="stop_letters"),
    path("notices/<int:notice_id>/", views.open_notice, name="open"),
]
