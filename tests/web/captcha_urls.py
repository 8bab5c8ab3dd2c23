"""A site of nothing but the captcha."""

from bawabati.web.public.captcha.urls import captcha_urls as urlpatterns

__all__ = ["urlpatterns"]
