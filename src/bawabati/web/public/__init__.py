"""The payer's pages: from the payment number to the receipt, without an account, a session or JavaScript."""
