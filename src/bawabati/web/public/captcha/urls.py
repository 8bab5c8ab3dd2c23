"""The captcha's one address."""

from django.urls import path

from bawabati.web.public.captcha.views import captcha_sound

captcha_urls = [path("<slug:language>/captcha/<str:ticket>.wav", captcha_sound, name="captcha_sound")]
