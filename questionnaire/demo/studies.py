"""Which made-up studies clinics name, what the trial registry says of each, and since when. Needs no Django."""

from __future__ import annotations

from dataclasses import dataclass, replace

from questionnaire.demo import records
from questionnaire.demo.listed import Listed

FOUND, NOT_FOUND, UNREACHABLE = "found", "not-found", "not-checked"
"""What may come of asking for a number."""

UNLISTED, SILENT = "NCT99000404", "NCT99000503"
"""Numbers that the registry does not list, and for which it never has an answer."""

BEFORE_ALL = 62
"""Days ago that lie before the first made-up response."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the registry says of a number from `days` ago on; `listed` where it finds it."""

    days: int
    state: str = FOUND
    listed: Listed | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """A number that clinics give.

    Attributes:
        weight: how often, beside the others.
        replies: the registry's, oldest first: one, or two when something changed.
        clinics: name and city, as people write them, of clinics that claim to take part.
        late: share of people for whom the registry did not answer in time; it did within the hour.
    """

    number: str
    weight: float
    replies: tuple[Reply, ...]
    clinics: tuple[tuple[str, str], ...] = ()
    late: float = 0.05

    @property
    def now(self) -> Reply:
        """The newest."""
        return self.replies[-1]


def _same(listed: Listed) -> tuple[Reply, ...]:
    return (Reply(BEFORE_ALL, FOUND, listed),)


STUDIES = (
    Study(
        records.KNEE.number,
        3,
        # A site joined: something changed, and nothing that a patient would have to be told.
        (
            Reply(BEFORE_ALL, FOUND, replace(records.KNEE, sites=(records.TAMPA,), people=80, confirmed=140)),
            Reply(24, FOUND, records.KNEE),
        ),
        (
            ("Example Joint Clinic", "Tampa, FL"),
            ("Example Joint Clinic", "Tampa, FL"),
            ("Sample Wellness Spa", "Tampa, FL"),
        ),
    ),
    Study(
        records.DISC.number,
        3,
        # It stopped while people decided.
        (
            Reply(BEFORE_ALL, FOUND, records.DISC),
            Reply(
                6,
                FOUND,
                replace(
                    records.DISC,
                    status="TERMINATED",
                    why_stopped="Too few people joined.",
                    confirmed=8,
                    ends=30,
                    people=6,
                ),
            ),
        ),
        (("Example Spine Institute", "Phoenix, AZ"), ("Sample Back Pain Center", "Phoenix, AZ")),
    ),
    Study(
        records.HAIR.number,
        2,
        _same(records.HAIR),
        (("Example Hair Studio", "Miami, FL"), ("Sample Beauty Lounge", "Atlanta, GA")),
    ),
    Study(
        records.BLOOD.number,
        2,
        _same(records.BLOOD),
        (("Sample Regen Clinic", "Austin, TX"), ("Sample Wellness Spa", "Tampa, FL")),
    ),
    Study(records.WATCHED.number, 3, _same(records.WATCHED), ((records.ACCUSED.facility, "Dallas, TX"),)),
    Study(records.WITHDRAWN.number, 2, _same(records.WITHDRAWN), (("Example Sports Clinic", "Denver, CO"),)),
    Study(records.FORGOTTEN.number, 2, _same(records.FORGOTTEN), (("Example Longevity Center", "Las Vegas, NV"),)),
    Study(records.ABROAD.number, 2, _same(records.ABROAD), (("Sample Knee Travel", "San Diego, CA"),)),
    Study(records.COMPASSIONATE.number, 1, _same(records.COMPASSIONATE), (("Sample Infusion Lounge", "Seattle, WA"),)),
    Study(
        records.SHOULDER.number,
        2,
        # It opened.
        (
            Reply(
                BEFORE_ALL, FOUND, replace(records.SHOULDER, status="NOT_YET_RECRUITING", confirmed=160, started=-10)
            ),
            Reply(23, FOUND, records.SHOULDER),
        ),
        (("Example Tendon Center", "Orlando, FL"), ("Sample Shoulder Shop", "Orlando, FL")),
    ),
    Study(
        records.WOUND.number,
        2,
        _same(records.WOUND),
        (("Sample Skin Spa", "Houston, TX"),),
        late=0.7,
    ),
    Study(
        records.LUNG.number,
        3,
        _same(records.LUNG),
        (("Sample Infusion Lounge", "Seattle, WA"), ("Sample Regen Clinic", "Austin, TX")),
    ),
    Study(UNLISTED, 2.5, (Reply(BEFORE_ALL, NOT_FOUND),)),
    Study(SILENT, 1.5, (Reply(BEFORE_ALL, UNREACHABLE),)),
)

NO_ANSWER = Reply(0, UNREACHABLE)
NUMBERS = tuple(each.number for each in STUDIES)

TO_TRY = (
    (records.KNEE.number, "open, exosomes for the knee, and “Example Joint Clinic” in Tampa takes part"),
    (records.LUNG.number, "open, but for lungs"),
    (UNLISTED, "not listed"),
    (SILENT, "brings no answer"),
)
"""Numbers for somebody who tries the questionnaire out, with what the made-up registry says of them."""
