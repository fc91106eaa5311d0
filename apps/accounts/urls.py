"""Everything under /accounts/. Our pages stand before allauth's of the same address and keep their names."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from apps.accounts.views import account, entry, second_factor

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.AccountSettings.as_view(), name="account_settings"),
    path("login/", entry.SignIn.as_view(), name="account_login"),
    path("signup/", entry.SignUp.as_view(), name="account_signup"),
    path("signup/passkey/", entry.SignUpByPasskey.as_view(), name="account_signup_by_passkey"),
    path("confirm-email/", entry.ConfirmEmail.as_view(), name="account_email_verification_sent"),
    path("demo/<int:pk>/", entry.demo_sign_in, name="account_demo_sign_in"),
    path("sessions/", account.devices, name="usersessions_list"),
    path("sessions/<int:pk>/end/", account.end_device, name="usersessions_end"),
    path("2fa/", second_factor.SignInMethods.as_view(), name="mfa_index"),
    path("2fa/continue/", second_factor.go_on, name="account_continue"),
    path("2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("2fa/webauthn/login/", entry.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("oidc/<str:provider_id>/login/", entry.single_sign_on, name="openid_connect_login"),
    path("", include("allauth.urls")),
]
