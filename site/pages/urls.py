from django.urls import path

from pages import cards, offline, views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("cards/<slug:kind>/<slug:slug>.jpg", cards.card, name="card"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("worker.js", offline.worker, name="worker"),
    path("offline/", offline.offline, name="offline"),
    path("offline/open/", offline.still_open, name="still_open"),
]
