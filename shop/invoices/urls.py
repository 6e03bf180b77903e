from django.urls import path

from shop.invoices.views.papers import paper

app_name = "invoices"
urlpatterns = [path("orders/<str:number>/papers/<str:paper_number>.pdf", paper, name="paper")]
