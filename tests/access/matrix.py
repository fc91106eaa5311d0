"""Who may open what: one line for every address of the product.

A new page adds its line to ROUTES (and, if its address names a new kind of record, one to OBJECTS in
`tests/access/objects.py`). `tests/access/test_routes.py` walks the whole table as everybody; the browser tests visit
every page of it that answers a GET with 200.

    Route("organizations:branch_edit", "organizations.branch.edit", object="branch", post=422)

reads: a GET by a member with that right is 200 and an empty POST 422; without the right both are 403; for a stranger,
and for a branch of another organization, both are 404; signed out, both lead to the sign-in page. `post` is 405 unless
given: pages that only show.
"""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC = "public"
"""Anybody, signed in or not."""
SIGNED_OUT = "signed out"
"""Ways in: somebody who is in already is sent on."""
SIGNED_IN = "signed in"
"""Every person, in whichever organization."""
MEMBER = "member"
"""Every member of the organization, whatever their role."""


@dataclass(frozen=True)
class Route:
    """An address, who may use it, and what it answers to them when an empty body is posted."""

    name: str
    access: str
    """PUBLIC, SIGNED_OUT, SIGNED_IN, MEMBER or the name of the right it needs."""
    object: str = ""
    get: int = 200
    post: int = 405
    csrf: bool = True
    """Whether a POST without a token is refused. Without it only where the address is for machines, with the reason."""
    signed_out: tuple[int, int] | None = None
    """PUBLIC only: GET and POST for somebody who is not signed in, where they differ."""
    page: bool = True
    """False for what is no page by itself: a part that a page asks for, a file, an answer to a machine."""
    equipped: bool = False
    """Asked for by somebody who has a password, an authenticator app, recovery codes and a passkey."""

    @property
    def right(self) -> str | None:
        return self.access if "." in self.access else None


ROUTES: list[Route] = [
    # The service itself.
    Route("healthz", PUBLIC, page=False),
    Route("readyz", PUBLIC, page=False),
    Route("metrics", PUBLIC, get=404, page=False),
    Route("ui:styleguide", SIGNED_IN),
    Route("ui:preferences", PUBLIC, get=405, post=302),
    # Ways in. 302: a step of a way that was not entered leads on to its beginning.
    Route("account_login", SIGNED_OUT, post=200),
    Route("account_signup", SIGNED_OUT, post=200),
    Route("account_signup_by_passkey", SIGNED_OUT, post=200),
    Route("account_demo_sign_in", PUBLIC, object="no_demo_person", get=405, post=404),
    Route("account_email_verification_sent", PUBLIC, get=302, post=302),
    Route("account_confirm_login_code", PUBLIC, get=302, post=302),
    Route("account_inactive", PUBLIC),
    Route("mfa_login_webauthn", PUBLIC, get=302, post=302),
    Route("mfa_signup_webauthn", PUBLIC, get=302, post=302),
    Route("mfa_authenticate", PUBLIC, get=302, post=302),
    Route("openid_connect_login", PUBLIC, object="no_directory", get=404, post=404),
    Route("openid_connect_callback", PUBLIC, object="no_directory", get=404, post=404),
    Route("socialaccount_login_cancelled", PUBLIC),
    Route("socialaccount_login_error", PUBLIC, get=401),
    Route("socialaccount_signup", PUBLIC, get=302, post=302),
    Route("accounts/social/login/cancelled/", PUBLIC, get=301, post=301),
    Route("accounts/social/login/error/", PUBLIC, get=301, post=301),
    Route("accounts/social/signup/", PUBLIC, get=301, post=301),
    Route("accounts/social/connections/", PUBLIC, get=301, post=301),
    # Forgotten passwords. The link of the mail is used up, so that the page says so.
    Route("account_reset_password", PUBLIC, post=200),
    Route("account_reset_password_done", PUBLIC),
    Route("account_reset_password_from_key", PUBLIC, object="used_reset_link", post=200),
    Route("account_reset_password_from_key_done", PUBLIC),
    # One's own account.
    Route("account_settings", SIGNED_IN, post=200),
    Route("account_logout", SIGNED_IN, post=302),
    Route("account_email", SIGNED_IN, post=302),
    Route("account_change_password", SIGNED_IN, post=200, equipped=True),
    Route("account_set_password", SIGNED_IN, post=200),
    Route("account_reauthenticate", SIGNED_IN, post=200, equipped=True),
    Route("account_continue", SIGNED_IN, get=302, post=302),
    Route("usersessions_list", SIGNED_IN, post=302),
    Route("usersessions_end", SIGNED_IN, object="device", get=405, post=302),
    Route("mfa_index", SIGNED_IN),
    Route("mfa_list_webauthn", PUBLIC, get=302, post=302),
    Route("mfa_activate_totp", SIGNED_IN, post=200),
    Route("mfa_deactivate_totp", SIGNED_IN, post=302, equipped=True),
    Route("mfa_view_recovery_codes", SIGNED_IN, equipped=True),
    Route("mfa_generate_recovery_codes", SIGNED_IN, post=302, equipped=True),
    Route("mfa_download_recovery_codes", SIGNED_IN, page=False, equipped=True),
    Route("mfa_add_webauthn", SIGNED_IN, post=200),
    Route("mfa_edit_webauthn", SIGNED_IN, object="passkey", post=200, equipped=True),
    Route("mfa_remove_webauthn", SIGNED_IN, object="passkey", post=302, equipped=True),
    Route("mfa_reauthenticate", SIGNED_IN, post=200, equipped=True),
    Route("mfa_reauthenticate_webauthn", SIGNED_IN, post=302, equipped=True),
    Route("socialaccount_connections", SIGNED_IN, post=200),
    # Before an organization is entered.
    Route("home", SIGNED_IN, get=302),
    Route("organizations:choose", SIGNED_IN),
    Route("organizations:set_up", SIGNED_IN, post=422),
    Route("organizations:slug_suggestion", SIGNED_IN, page=False),
    Route("organizations:gstin_check", SIGNED_IN, page=False),
    Route("organizations:invitation_accept", PUBLIC, object="invitation_link", post=409, signed_out=(200, 302)),
    # The frame of every organization.
    Route("ui:home", MEMBER),
    Route("ui:palette", MEMBER),
    # Settings.
    Route("organizations:settings", "organizations.organization.view"),
    Route("organizations:settings_edit", "organizations.organization.edit", post=422),
    Route("outbox:outboxmessage_list", "organizations.outbox.view", post=302),
    Route("outbox:outboxmessage_detail", "organizations.outbox.view", object="dead_letter"),
    Route("outbox:outboxmessage_retry", "organizations.outbox.retry", object="dead_letter", post=302),
    Route("organizations:seals", "organizations.audit.view", post=302),
    Route("organizations:branch_list", "organizations.branch.view", post=302),
    Route("organizations:branch_create", "organizations.branch.edit", post=422),
    Route("organizations:branch_detail", "organizations.branch.view", object="branch"),
    Route("organizations:branch_edit", "organizations.branch.edit", object="branch", post=422),
    Route("organizations:branch_archive", "organizations.branch.edit", object="second_branch", post=302),
    Route("organizations:branch_restore", "organizations.branch.edit", object="archived_branch", post=302),
    Route("organizations:branch_add_licence", "organizations.branch.edit", object="branch", post=422),
    Route("organizations:branchlicence_list", "organizations.branch.view", post=302),
    Route("organizations:branchlicence_edit", "organizations.branch.edit", object="licence", post=422),
    Route("organizations:branchlicence_delete", "organizations.branch.edit", object="licence", post=302),
    Route("organizations:series_preview", "organizations.series.edit", page=False),
    Route("organizations:numberseries_list", "organizations.series.view", post=302),
    Route("organizations:numberseries_create", "organizations.series.edit", post=422),
    Route("organizations:numberseries_detail", "organizations.series.view", object="series"),
    Route("organizations:numberseries_edit", "organizations.series.edit", object="series", post=422),
    Route("organizations:membership_list", "organizations.member.view", post=302),
    Route("organizations:membership_detail", "organizations.member.view", object="member"),
    Route("organizations:membership_edit", "organizations.member.edit", object="member", post=422),
    Route("organizations:membership_deactivate", "organizations.member.edit", object="member", post=302),
    Route("organizations:membership_reactivate", "organizations.member.edit", object="inactive_member", post=302),
    Route("organizations:invitation_list", "organizations.member.view", post=302),
    Route("organizations:invitation_create", "organizations.member.edit", post=422),
    Route("organizations:invitation_detail", "organizations.member.view", object="invitation"),
    Route("organizations:invitation_resend", "organizations.member.edit", object="invitation", post=302),
    Route("organizations:invitation_withdraw", "organizations.member.edit", object="invitation", post=302),
    Route("organizations:role_list", "organizations.member.view"),
    Route("organizations:role_create", "organizations.role.edit", post=422),
    Route("organizations:role_detail", "organizations.member.view", object="role"),
    Route("organizations:role_edit", "organizations.role.edit", object="role", post=422),
    Route("organizations:role_delete", "organizations.role.edit", object="role", post=302),
    # Customers and suppliers.
    Route("parties:party_list", "parties.party.view", post=302),
    Route("parties:duplicates", "parties.party.view"),
    Route("parties:look_alikes", "parties.party.edit", page=False),
    Route("parties:party_create", "parties.party.edit", post=422),
    Route("parties:party_detail", "parties.party.view", object="party"),
    Route("parties:party_edit", "parties.party.edit", object="party", post=422),
    Route("parties:party_archive", "parties.party.edit", object="party", post=302),
    Route("parties:party_restore", "parties.party.edit", object="archived_party", post=302),
    Route("parties:party_delete", "parties.party.delete", object="party", post=302),
    Route("parties:licence_add", "parties.party.edit", object="party_holder", post=422),
    Route("parties:partylicence_edit", "parties.party.edit", object="party_licence", post=422),
    Route("parties:partylicence_delete", "parties.party.edit", object="party_licence", post=302),
    Route("parties:address_add", "parties.party.edit", object="party_holder", post=422),
    Route("parties:partyaddress_edit", "parties.party.edit", object="party_address", post=422),
    Route("parties:partyaddress_delete", "parties.party.edit", object="party_address", post=302),
    Route("parties:contact_add", "parties.party.edit", object="party_holder", post=422),
    Route("parties:partycontact_edit", "parties.party.edit", object="party_contact", post=422),
    Route("parties:partycontact_delete", "parties.party.edit", object="party_contact", post=302),
    Route("parties:route_list", "parties.party.view", post=302),
    Route("parties:route_create", "parties.party.edit", post=422),
    Route("parties:route_detail", "parties.party.view", object="route"),
    Route("parties:route_edit", "parties.party.edit", object="route", post=422),
    Route("parties:route_delete", "parties.party.edit", object="route", post=302),
    Route("parties:pricegroup_list", "parties.party.view", post=302),
    Route("parties:pricegroup_create", "parties.party.edit", post=422),
    Route("parties:pricegroup_detail", "parties.party.view", object="price_group"),
    Route("parties:pricegroup_edit", "parties.party.edit", object="price_group", post=422),
    Route("parties:pricegroup_delete", "parties.party.edit", object="price_group", post=302),
    # Imports: each kind of file has a right of its own; parties stand for all kinds.
    Route("exchange:import_start", "parties.party.import", post=422),
    Route("exchange:import_template", "parties.party.import", page=False),
    Route("exchange:import_job", "parties.party.import", object="import_checked", get=302),
    Route("exchange:import_match", "parties.party.import", object="import_uploaded", post=422),
    Route("exchange:import_check", "parties.party.import", object="import_checked", post=422),
    Route("exchange:import_row", "parties.party.import", object="import_row", post=302),
    Route("exchange:import_progress", "parties.party.import", object="import_running", post=302),
    Route("exchange:import_result", "parties.party.import", object="import_done"),
    Route("exchange:import_errors", "parties.party.import", object="import_done", page=False),
    Route("exchange:import_undo", "parties.party.import", object="import_done", post=302),
]
