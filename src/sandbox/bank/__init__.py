"""The acquirer who settles what the cards paid, and the merchant's bank: the files that they send every day."""
