"""Where Django looks for what the admin shows. No patient's data is here."""

from django.contrib import admin
from django.contrib.auth.models import User

from questionnaire.editor.accounts import AccountAdmin
from questionnaire.editor.practice import PracticeAdmin
from questionnaire.models import Practice

admin.site.site_header = admin.site.site_title = "Decision aid"
admin.site.register(Practice, PracticeAdmin)
admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
