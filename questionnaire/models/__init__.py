"""What is kept: editions of the aid, the practice, patients' responses, the physicians' work on them, and the record.

Writing is done by `services`; models hold what the database itself must hold true.
"""

from questionnaire.models.access_record import AuditEvent, AuditMention, AuditSeal
from questionnaire.models.editions import Edition, Editions, EditionStep, Frozen
from questionnaire.models.inbox import KeptCount, ReviewFlag, SearchToken, Tally
from questionnaire.models.letters import FdaLetter
from questionnaire.models.practices import Practice
from questionnaire.models.recalls import Recall, RecallRun
from questionnaire.models.responses import FinishedVersion, Response, ReturnTry
from questionnaire.models.reviews import Export, Presence, Review, ReviewEntry
from questionnaire.models.sign_in import SignInCount
from questionnaire.models.trials import RegistryChange, RegistryClock, RegistryCopy, RegistryStudy, StudyCheck

__all__ = [
    "AuditEvent",
    "AuditMention",
    "AuditSeal",
    "Edition",
    "EditionStep",
    "Editions",
    "Export",
    "FdaLetter",
    "FinishedVersion",
    "Frozen",
    "KeptCount",
    "Practice",
    "Presence",
    "Recall",
    "RecallRun",
    "RegistryChange",
    "RegistryClock",
    "RegistryCopy",
    "RegistryStudy",
    "Response",
    "ReturnTry",
    "Review",
    "ReviewEntry",
    "ReviewFlag",
    "SearchToken",
    "SignInCount",
    "StudyCheck",
    "Tally",
]
