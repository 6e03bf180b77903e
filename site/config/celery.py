"""The Celery application; settings come from Django under the prefix CELERY_."""

from celery import Celery

app = Celery("courseyard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
