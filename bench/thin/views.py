"""Start, one question a page, check, result: a signed cookie names the row; GET makes 1 statement, POST 2."""

from __future__ import annotations

import uuid

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from bench.thin.models import Person
from bench.thin.questions import BY_SLUG, QUESTIONS, Question, path

COOKIE = "person"


class AnswerForm(forms.Form):
    def __init__(self, question: Question, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["answer"] = forms.ChoiceField(
            label=question.text, choices=question.choices, widget=forms.RadioSelect
        )


def person_of(request: HttpRequest) -> Person | None:
    try:
        key = request.get_signed_cookie(COOKIE)
    except (KeyError, signing.BadSignature):
        return None
    return Person.objects.filter(pk=uuid.UUID(key)).first()


def start(request: HttpRequest) -> HttpResponse:
    return render(request, "thin/start.html", {"first": QUESTIONS[0]})


def question(request: HttpRequest, slug: str) -> HttpResponse:
    person = person_of(request)
    answers: dict[str, str] = person.answers if person else {}
    asked = BY_SLUG[slug]
    if asked not in path(answers):
        return redirect("start")
    if request.method != "POST":
        form = AnswerForm(asked, initial={"answer": answers.get(slug)})
        return render(request, "thin/question.html", {"form": form, "question": asked})
    form = AnswerForm(asked, request.POST)
    if not form.is_valid():
        return render(request, "thin/question.html", {"form": form, "question": asked}, status=422)
    answers = answers | {slug: form.cleaned_data["answer"]}
    if person:
        Person.objects.filter(pk=person.pk).update(answers=answers)
        return _next(answers)
    reply = _next(answers)
    reply.set_signed_cookie(COOKIE, Person.objects.create(answers=answers).pk.hex, httponly=True, samesite="Lax")
    return reply


def _next(answers: dict[str, str]) -> HttpResponseRedirect:
    last = path(answers)[-1]
    return redirect("check") if last.slug in answers else redirect("question", last.slug)


def check(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if person is None:
        return redirect("start")
    if request.method == "POST":
        Person.objects.filter(pk=person.pk).update(done=True)
        return redirect("result")
    return render(request, "thin/check.html", {"rows": _rows(person)})


def result(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if person is None or not person.done:
        return redirect("start")
    return render(request, "thin/result.html", {"rows": _rows(person)})


def _rows(person: Person) -> list[tuple[str, str]]:
    return [(asked.text, dict(asked.choices)[person.answers[asked.slug]]) for asked in path(person.answers)]
