"""The crew's page, for a phone in the sun: has this customer paid? Also where there is no network."""
