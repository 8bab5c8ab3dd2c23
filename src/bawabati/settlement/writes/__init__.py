"""Changes of what the acquirer and the bank have told us, and of what does not agree."""

from bawabati.settlement.writes.profiles import give_default_profiles, keep_profile, write_fee_table

__all__ = ["give_default_profiles", "keep_profile", "write_fee_table"]
