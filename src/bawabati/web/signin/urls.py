"""The addresses of sign-in and of one's own security, under /<language>/staff/."""

from django.urls import path

from bawabati.web.signin import confirm, entering, home, security

signin_urls = [
    path("", home.home, name="staff_home"),
    path("place/", home.place, name="staff_place"),
    path("sign-in/", entering.sign_in, name="staff_sign_in"),
    path("sign-in/code/", entering.second_factor, name="staff_second_factor"),
    path("sign-out/", entering.sign_out, name="staff_sign_out"),
    path("confirm/", confirm.confirm, name="staff_confirm"),
    path("security/", security.security, name="staff_security"),
    path("security/device/", security.device, name="staff_device"),
    path("security/recovery-codes/", security.recovery_codes, name="staff_recovery_codes"),
    path("security/<int:factor_id>/remove/", security.remove, name="staff_remove_factor"),
]
