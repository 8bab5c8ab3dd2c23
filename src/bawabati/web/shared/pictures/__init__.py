"""Pictures of numbers, made here: where bars stand, as percentages that a template writes into an SVG.

Nothing needs a script or a style. Places are text with a point, whatever the language; in a page that is read from the
right, the first bar stands on the right. Decision: docs/decisions/0039-pictures-without-a-script.md
"""

from bawabati.web.shared.pictures.bars import Bar, bars
from bawabati.web.shared.pictures.columns import Column, Columns, Given, Label, columns
from bawabati.web.shared.pictures.scale import Scale, place, scale_for

__all__ = ["Bar", "Column", "Columns", "Given", "Label", "Scale", "bars", "columns", "place", "scale_for"]
