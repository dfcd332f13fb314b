from django.apps import AppConfig


class QuestionnaireConfig(AppConfig):
    name = "questionnaire"
    verbose_name = "Decision aid"

    def ready(self) -> None:
        """Register the deployment checks."""
        from questionnaire import checks  # noqa: F401 (models must be loaded first)
