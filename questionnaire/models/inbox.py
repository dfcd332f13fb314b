"""What keeps the inbox and the dashboard fast at any size: places by flag and by search word, and kept counts."""

from __future__ import annotations

from django.db import models
from django.db.models import Index, UniqueConstraint

from questionnaire.models.reviews import Review


class ReviewFlag(models.Model):
    """A flag of a review, with the review's place in the inbox."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="flag_rows", db_index=False)
    flag = models.CharField(max_length=60)
    queue = models.BigIntegerField()

    class Meta:
        constraints = (UniqueConstraint(fields=["review", "flag"], name="review_flag_once"),)
        indexes = (Index(fields=["flag", "queue", "review"], name="review_flag_queue"),)

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
