"""What may be done with a work item."""

from bawabati.errors import CannotDo

LONGEST_BECAUSE = 200


class NoSuchCase(CannotDo):
    """No case of that number."""

    code = "no_such_case"
    sentence = "There is no case with this number."


class CaseClosed(CannotDo):
    """Somebody has closed it."""

    code = "case_closed"
    sentence = "This case is closed already."
