"""A card gateway as SATIM's looks from outside, and the issuers behind it. The core has no HTTP and no clock."""
