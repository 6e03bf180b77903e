"""The picture that a referrer chose for the poster of a link."""

from django.db import models
from django.db.models import Q

from courses.models import Submission
from shop.referrals.models.link import Link


class PosterPicture(models.Model):
    """An own picture in the private bucket (`key`), or one of one's own accepted homework, shown with consent: then the file
    stays the homework's, and goes with it."""

    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="picture")
    key = models.CharField(max_length=200)
    submission = models.ForeignKey(Submission, null=True, on_delete=models.CASCADE, related_name="+")
    consented_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submission=None) | Q(consented_at__isnull=False), name="homework_on_posters_with_consent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.key}"
