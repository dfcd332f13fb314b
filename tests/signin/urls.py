"""The project's addresses, and one page that only physicians may open."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from decisionaid.urls import handler400, handler403, handler404, handler500
from decisionaid.urls import urlpatterns as project
from questionnaire.signin.access import physician

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@physician
def room(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<main data-page='inbox'>{request.POST.get('note', 'Come in.')}</main>")


urlpatterns = [path("physician/", room), path("fhir/QuestionnaireResponse/1", room), *project]
