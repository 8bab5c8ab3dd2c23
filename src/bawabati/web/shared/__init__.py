"""What every page needs, whoever it is for."""
