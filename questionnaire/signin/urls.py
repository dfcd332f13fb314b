"""Addresses of the front door, beneath /staff/. The names are those by which the sign-in library finds its pages."""

from django.urls import include, path

from questionnaire.signin import own_factors, views

_ours = [path("back/", views.back, name="back"), path("stay/", views.stay, name="stay")]

urlpatterns = [
    path("", include((_ours, "signin"))),
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/code/", views.code, name="mfa_authenticate"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("password/", views.change_password, name="account_change_password"),
    path("password/again/", views.password_again, name="account_reauthenticate"),
    path("second-factor/", own_factors.mine, name="mfa_index"),
    path("second-factor/app/", own_factors.activate_codes, name="mfa_activate_totp"),
    path("second-factor/app/remove/", own_factors.deactivate_codes, name="mfa_deactivate_totp"),
    path("second-factor/codes/", own_factors.codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", own_factors.new_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/codes/download/", own_factors.download_codes, name="mfa_download_recovery_codes"),
    path("second-factor/passkeys/", own_factors.list_passkeys, name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", own_factors.add_passkey, name="mfa_add_webauthn"),
    path("second-factor/passkeys/<int:pk>/remove/", own_factors.remove_passkey, name="mfa_remove_webauthn"),
]
