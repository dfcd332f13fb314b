"""What keeps the inbox and the dashboard fast at any size: places by flag and by search word, and kept counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Index, UniqueConstraint

from questionnaire.models.reviews import Review, walks


class ReviewFlag(models.Model):
    """A flag of a review, with the review's place in the inbox, and what else the inbox is narrowed by, as it is there.

    So the inbox narrowed by a flag and anything else is one walk along an index of this table.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="flag_rows", db_index=False)
    flag = models.CharField(max_length=60)
    queue = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=Review.State.choices)
    problem = models.CharField(max_length=60, blank=True)
    standing = models.CharField(max_length=60, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = (UniqueConstraint(fields=["review", "flag"], name="review_flag_once"),)
        indexes = tuple(walks("flag", "flag", key="review"))

    def __str__(self) -> str:
        return self.flag


class SearchToken(models.Model):
    """A keyed hash of something by which a review is found; nothing can be read back from it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="tokens", db_index=False)
    token = models.BigIntegerField()
    queue = models.BigIntegerField()

    class Meta:
        constraints = (UniqueConstraint(fields=["review", "token"], name="search_token_once"),)
        indexes = (Index(fields=["token", "queue", "review"], name="search_token_queue"),)

    def __str__(self) -> str:
        return str(self.token)


class KeptCount(models.Model):
    """How many reviews there are of a state (`state:new`) or at a level of the inbox (`level:30`)."""

    name = models.CharField(max_length=40, primary_key=True)
    count = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class Tally(models.Model):
    """How many responses shared in a week have a value in a dimension, such as the flag `urgent`."""

    week = models.DateField(help_text="The Monday of the week in which they were shared.")
    dimension = models.CharField(max_length=20)
    value = models.CharField(max_length=80)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = (UniqueConstraint(fields=["week", "dimension", "value"], name="tally_once"),)
        indexes = (Index(fields=["dimension", "week"], name="tally_dimension"),)

    def __str__(self) -> str:
        return f"{self.week} {self.dimension} {self.value}: {self.count}"
