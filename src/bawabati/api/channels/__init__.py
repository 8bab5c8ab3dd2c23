"""What other channels say and hear, such as a bank's application: /api/v1/channel/."""
