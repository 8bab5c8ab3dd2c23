"""What happens at a desk: sessions of cashiers, what was counted, closings. Totals come from the flows."""

from bawabati.desks.models.block import NumberBlock, OfflineReceipt
from bawabati.desks.models.closing import DayClosing, ZReport
from bawabati.desks.models.session import DeskSession, DrawerCount

__all__ = ["DayClosing", "DeskSession", "DrawerCount", "NumberBlock", "OfflineReceipt", "ZReport"]
