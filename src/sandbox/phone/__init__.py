"""What reaches the payer: text messages on the phone, e-mail in the inbox."""
