"""The records of the made-up studies, written by us: no person, clinic or company in them exists. Needs no Django.

The registry gives its numbers in order and is far below NCT99000000, so none of these is a real study's. Each shows one
thing that a record may or may not bear out; together they hold what the ladder of oversight can say.
"""

from __future__ import annotations

from questionnaire.demo.listed import Listed, Place

TAMPA = Place("Example Joint Clinic", "Tampa", "Florida")
CLEVELAND = Place("Example University Hospital", "Cleveland", "Ohio")
ACCUSED = Place("Sampleton Regenerative Clinic", "Dallas", "Texas")
"""A clinic to which FDA has written in the demonstration. Its name is like no other, so nobody else sees that."""
PHOENIX = Place("Example Spine Institute", "Phoenix", "Arizona")

KNEE = Listed(
    number="NCT99000001",
    about="exosomes injected into the knee",
    sponsor="Example University",
    confirmed=26,
    summary="People with arthritis of the knee get exosomes or salt water, by chance. Neither they nor the team know.",
    conditions=("Knee Osteoarthritis",),
    tested=("Exosomes from umbilical cord cells", "One injection into the knee."),
    control="Placebo: salt water",
    people=120,
    fda_drug=True,
    safety_board=True,
    outcome="Pain and movement of the knee after one year",
    sites=(TAMPA, CLEVELAND),
)
"""The best that a record can show: open, fresh, exosomes, the clinic on the list, compared with placebo."""

DISC = Listed(
    number="NCT99000002",
    about="exosomes for worn discs of the lower back",
    sponsor="Example Spine Institute",
    confirmed=130,
    started=510,
    ends=-330,
    summary="A first look at whether exosomes in a disc are safe.",
    conditions=("Degenerative Disc Disease", "Low Back Pain"),
    phases=("PHASE1",),
    tested=("Exosomes in a disc", "One injection into a disc, guided by X-ray."),
    people=20,
    fda_drug=True,
    safety_board=True,
    sites=(PHOENIX,),
)

HAIR = Listed(
    number="NCT99000003",
    about="exosomes for thinning hair",
    sponsor="Example Hair Studio LLC",
    sponsor_class="INDUSTRY",
    confirmed=300,
    started=620,
    ends=-210,
    summary=(
        "Everybody gets the product, which is made in an FDA approved laboratory. The study is patient funded: "
        "participants are charged for each visit."
    ),
    conditions=("Alopecia", "Hair Loss"),
    phases=("NA",),
    tested=("ExampleXo exosomes", "Dripped on and needled into the scalp, three times."),
    people=500,
    fda_drug=False,
    sites=(
        Place("Example Hair Studio", "Miami", "Florida"),
        Place("Example Hair Studio West", "San Diego", "California"),
    ),
)

BLOOD = Listed(
    number="NCT99000004",
    about="platelet-rich plasma or a steroid shot for the knee",
    sponsor="Example University Hospital",
    confirmed=55,
    started=700,
    ends=-130,
    summary="People with arthritis of the knee get plasma from their own blood or a steroid, by chance.",
    conditions=("Knee Osteoarthritis",),
    phases=("PHASE3",),
    tested=("Platelet-rich plasma", "One injection into the knee, from the person's own blood."),
    control="Control: steroid shot",
    people=240,
    fda_drug=True,
    safety_board=True,
    sites=(CLEVELAND, Place("Example Joint Clinic of Texas", "Austin", "Texas")),
)

WATCHED = Listed(
    number="NCT99000005",
    about="a list of people who had exosomes at our clinics",
    sponsor="Example Regenerative Clinics LLC",
    sponsor_class="INDUSTRY",
    confirmed=200,
    started=860,
    ends=-940,
    summary=(
        "People who had bought exosomes are asked how they feel, for two years. They are responsible for the cost of "
        "treatment; the study gives none."
    ),
    conditions=("Knee Osteoarthritis", "Low Back Pain", "Tendinopathy"),
    kind="OBSERVATIONAL",
    tested=("Exosomes", "Bought at the clinic before the study."),
    people=3000,
    sites=(
        ACCUSED,
        Place("Sampleton Regenerative Clinic", "Scottsdale", "Arizona"),
    ),
)

WITHDRAWN = Listed(
    number="NCT99000006",
    about="exosomes for tennis elbow and sore shoulders",
    sponsor="Example Biologics, Inc.",
    sponsor_class="INDUSTRY",
    status="WITHDRAWN",
    why_stopped="No funding. Nobody had joined.",
    confirmed=410,
    started=700,
    summary="Meant to compare exosomes with salt water.",
    conditions=("Lateral Epicondylitis", "Rotator Cuff Tendinopathy"),
    tested=("Exosomes", "Two injections beside the tendon."),
    control="Placebo: salt water",
    people=0,
    fda_drug=True,
    sites=(Place("Example Sports Clinic", "Denver", "Colorado"),),
)

FORGOTTEN = Listed(
    number="NCT99000007",
    about="exosomes by vein for Parkinson's disease and other nerve diseases",
    sponsor="Example Longevity Foundation",
    status="UNKNOWN",
    last_known="RECRUITING",
    confirmed=1500,
    started=1900,
    ends=700,
    summary="Everybody gets exosomes by vein once a month.",
    conditions=("Parkinson Disease", "Multiple Sclerosis", "Neurodegenerative Diseases"),
    phases=("PHASE1",),
    tested=("Mesenchymal stem cell exosomes", "By vein, six times."),
    people=100,
    sites=(Place("Example Longevity Center", "Las Vegas", "Nevada"),),
)

ABROAD = Listed(
    number="NCT99000008",
    about="exosomes for knees and hips, in Mexico and Turkey",
    sponsor="Example Clinica del Mar",
    confirmed=90,
    started=300,
    ends=-400,
    summary="Everybody gets exosomes in the joint.",
    conditions=("Knee Osteoarthritis", "Hip Osteoarthritis"),
    tested=("Exosomes from fat tissue", "Two injections into the joint."),
    people=40,
    fda_drug=False,
    sites=(
        Place("Example Clinica del Mar", "Tijuana", "Baja California", "Mexico"),
        Place("Example Hastanesi", "Istanbul", "", "Turkey (Türkiye)"),
    ),
)

COMPASSIONATE = Listed(
    number="NCT99000009",
    about="exosomes for single very sick people",
    sponsor="Example Biologics, Inc.",
    sponsor_class="INDUSTRY",
    status="AVAILABLE",
    confirmed=120,
    summary="For people with no other choice, when their own doctor asks for it.",
    conditions=("Amyotrophic Lateral Sclerosis", "Graft Versus Host Disease"),
    kind="EXPANDED_ACCESS",
    tested=("Bone marrow exosomes", "By vein."),
    fda_drug=True,
)

SHOULDER = Listed(
    number="NCT99000010",
    about="exosomes beside the tendons of the shoulder and the heel",
    sponsor="Example Sports Medicine Network",
    confirmed=25,
    started=20,
    summary="People with a sore shoulder or heel get exosomes or salt water, by chance.",
    conditions=("Rotator Cuff Tendinopathy", "Achilles Tendinopathy"),
    tested=("Exosomes", "One injection beside the tendon."),
    control="Placebo: salt water",
    fda_drug=True,
    sites=(
        Place("Example Sports Clinic", "Denver", "Colorado"),
        Place("Example Tendon Center", "Orlando", "Florida"),
    ),
)

WOUND = Listed(
    number="NCT99000011",
    about="exosomes on wounds that do not heal and on aging skin",
    sponsor="Example Skin Labs, Inc.",
    sponsor_class="INDUSTRY",
    status="ACTIVE_NOT_RECRUITING",
    confirmed=150,
    started=900,
    ends=-100,
    summary="A gel with exosomes is compared with the gel alone.",
    conditions=("Diabetic Foot Ulcer", "Wound Heal", "Skin Aging"),
    phases=("PHASE2",),
    tested=("Exosome gel", "On the skin, every week."),
    control="Placebo: gel alone",
    sites=(Place("Investigational Site 001", "Houston", "Texas"),),
)

LUNG = Listed(
    number="NCT99000012",
    about="exosomes by vein for people whose lungs fail",
    sponsor="Example Biologics, Inc.",
    sponsor_class="INDUSTRY",
    confirmed=45,
    started=240,
    ends=-500,
    summary="People in intensive care get exosomes or salt water by vein, by chance.",
    conditions=("Acute Respiratory Distress Syndrome",),
    phases=("PHASE3",),
    tested=("Bone marrow exosomes", "By vein, on two days."),
    control="Placebo: salt water",
    people=400,
    fda_drug=True,
    safety_board=True,
    outcome="Being alive after 60 days",
    sites=(CLEVELAND, Place("Example Memorial Hospital", "San Antonio", "Texas")),
)
"""A real trial's number is often borrowed so: exosomes, open and supervised, but of another disease."""
