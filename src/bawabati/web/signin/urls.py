"""The addresses of sign-in and of one's own security, under /<language>/staff/."""

from django.urls import path, re_path

from bawabati.web.signin import cashiers, confirm, entering, home, invitation, passkeys, passwords, security, sessions

signin_urls = [
    path("", home.home, name="staff_home"),
    path("place/", home.place, name="staff_place"),
    path("sign-in/", entering.sign_in, name="staff_sign_in"),
    path("sign-in/code/", entering.second_factor, name="staff_second_factor"),
    path("sign-in/passkey/", passkeys.come_in, name="staff_passkey_in"),
    path("sign-in/passkey/options/", passkeys.to_come_in, name="staff_passkey_in_options"),
    re_path(r"^invitation/(?P<token>[A-Za-z0-9_-]{38})/$", invitation.invitation, name="staff_invitation"),
    path("change-cashier/", cashiers.take_over, name="staff_take_over"),
    path("sign-out/", entering.sign_out, name="staff_sign_out"),
    path("confirm/", confirm.confirm, name="staff_confirm"),
    path("confirm/passkey/", passkeys.confirm, name="staff_passkey_confirm"),
    path("confirm/passkey/options/", passkeys.to_confirm, name="staff_passkey_confirm_options"),
    path("security/", security.security, name="staff_security"),
    path("security/device/", security.device, name="staff_device"),
    path("security/passkey/", passkeys.set_up, name="staff_passkey"),
    path("security/passkey/options/", passkeys.to_set_up, name="staff_passkey_options"),
    path("security/password/", passwords.password, name="staff_password"),
    path("security/pin/", cashiers.pin, name="staff_pin"),
    path("security/sessions/others/end/", sessions.end_others, name="staff_end_others"),
    path("security/sessions/<slug:session_key>/end/", sessions.end, name="staff_end_session"),
    path("security/recovery-codes/", security.recovery_codes, name="staff_recovery_codes"),
    path("security/<int:factor_id>/remove/", security.remove, name="staff_remove_factor"),
]
