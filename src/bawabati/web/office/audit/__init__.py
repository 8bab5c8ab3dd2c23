"""What people did, for whoever looks after them."""
