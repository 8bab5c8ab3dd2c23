"""What the company writes for its payers: editing, preview, versions, and what a payer has accepted."""
