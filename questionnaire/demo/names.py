"""What made-up people are called, and what they and their physicians write. None of it comes from anybody.

Surnames are put together from two parts, so that there are more than a thousand and none is frequent: in a real list
of patients few share a name, and a search must not be easier or harder than there.
"""

from __future__ import annotations

_FIRST = """
    Abigail Adrian Aisha Alan Alice Alma Amara Amelia Amir Ana Andrea Andrew Anita Anthony Arjun Arthur Astrid Audrey
    Beatriz Benjamin Bernice Bianca Brandon Brenda Brian Bridget Caleb Camila Carl Carmen Caroline Cecilia Charles
    Chloe Clara Claudia Colin Connor Cora Craig Curtis Cynthia Daniel Daphne Darius Deborah Delia Dennis Derek Diana
    Diego Dolores Donald Doris Duncan Edith Eduardo Eileen Elaine Eli Elena Elias Ellen Emma Eric Esther Eugene Eva
    Fatima Felix Fernando Fiona Flora Frances Frank Gabriel Gail George Gloria Grace Graham Greta Hana Harold Harriet
    Hassan Hazel Hector Helen Henry Hugo Ibrahim Ida Ines Irene Isaac Isabel Ivan Jada Jamal James Janet Jasmine Jerome
    Joan Joel Jonas Jorge Josephine Joyce Juan Judith Julia Karen Karim Kavya Keiko Kenneth Laila Lars Laura Leo Leon
    Lillian Linda Louis Lucas Lucia Luis Mabel Malik Manuel Marcus Margaret Maria Marjorie Marta Martin Mateo Maureen
    Megan Mei Michael Miguel Mina Miriam Monica Nadia Nancy Naomi Natalie Nathan Neil Nina Noah Nora Olga Oliver Omar
    Oscar Patricia Paul Pedro Peter Philip Priya Rachel Rafael Ramona Raymond Rebecca Rita Robert Rosa Ruben Ruth Samir
    Samuel Sandra Sara Simon Sofia Stella Stephen Susan Tamara Teresa Theo Thomas Tobias Trevor Ursula Valerie Vera
    Victor Vincent Violet Walter Wendy Wesley William Xavier Yara Yolanda Yusuf Zoe
"""

_BEGINNINGS = """
    Alder Ash Barn Beck Birch Black Brad Bram Brook Burn Cald Carl Chad Clay Cold Cran Dal Dun Elm East Fair Fern Finch
    Glen Gold Gran Green Hart Hazel Heath High Hol Kel Kings Lang Lin Long Marsh Mel Mill Moor New North Oak Old Pen
    Raven Red Rock Rose Row San Sel Shel South Stan Stock Sum Thorn Wal West White Wil Win Wood
"""
_ENDINGS = """
    berg bourne brook by combe cote croft dale den don field ford gate ham hurst land ley man mere mont more ridge shaw
    stead ster ton wall ward well wick wood worth
"""
FIRST = tuple(_FIRST.split())
LAST = tuple(f"{one}{other}" for one in _BEGINNINGS.split() for other in _ENDINGS.split() if one.casefold() != other)

QUESTIONS = (
    "Should I cancel the visit that I have with them?",
    "They want an answer by Friday. What would you do?",
    "Can you call me before I pay the rest?",
    "What would you try first if it were your own family?",
    "My sister had this done and is happy. Why would it be different for me?",
    "Is there anything here that my insurance pays for?",
    "How do I ask for my deposit back?",
    "Could we talk about this at my next visit, or should I come in sooner?",
    "I would rather not have surgery. What is left then?",
    "Who could look at the papers they gave me?",
    "I have the brochure here. May I send you a picture of it?",
    "Does it matter that I have not told them what else I take?",
)
NOTES = (
    "Called, no answer. Will try again tomorrow.",
    "Has the clinic's brochure and will bring it.",
    "Spoke for ten minutes; wants to think it over with family.",
    "Daughter joins the next visit.",
    "Asked for the records of the other clinic.",
    "Prefers calls in the evening.",
    "Front desk to find a longer slot.",
)
REPLIES = (
    "Thank you for sharing this. Let us talk before you decide: the front desk will call you today.",
    "I have read your answers. Bring whatever papers they gave you, and we go through them together.",
    "There is no hurry to decide, whatever they told you. You have a longer visit with me next week.",
    "Good that you asked. I have some questions first and will call you this evening.",
    "I looked at this with a colleague. We both would like to see you before you pay anything.",
)
STUDY_REPLIES = (
    "We looked up your study again, and the registry now says more than you read. Please call us before you go there.",
    "There is news about the study that you named. The front desk will call you, so that we look at it together.",
)
REFERRALS = (
    "To the specialist down the hall, for a second look. Letter sent.",
    "To physical therapy, eight visits; see again afterwards.",
    "To the imaging center; report comes back to us.",
)
