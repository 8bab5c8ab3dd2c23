"""Machines of a company: keys with which they come in, and addresses that are told what happened."""
