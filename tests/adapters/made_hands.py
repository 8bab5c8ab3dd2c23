"""A hand that remembers what it was made with, under a dotted path that settings can name."""


class Hand:
    def __init__(self, *given: object, **named: object) -> None:
        self.given, self.named = given, named
