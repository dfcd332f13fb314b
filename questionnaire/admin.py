"""Where Django looks for what the admin shows. No patient's data is here."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group, User

from questionnaire.editor.accounts import AccountAdmin, GroupAdmin
from questionnaire.editor.letters import LetterAdmin
from questionnaire.editor.practice import PracticeAdmin
from questionnaire.models import FdaLetter, Practice

admin.site.site_header = admin.site.site_title = "Decision aid"
admin.site.register(Practice, PracticeAdmin)
admin.site.register(FdaLetter, LetterAdmin)
admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
admin.site.unregister(Group)
admin.site.register(Group, GroupAdmin)
# Brought by the sign-in library: secrets are shown to nobody, and there is no mail.
for model in (Authenticator, EmailAddress):
    admin.site.unregister(model)
