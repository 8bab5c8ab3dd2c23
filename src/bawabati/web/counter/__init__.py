"""Where a cashier works: a session at a desk, a search box, bills, money."""
