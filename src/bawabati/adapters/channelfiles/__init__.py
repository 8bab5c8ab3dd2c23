"""Daily files of channels: what a bank's application or the post says of one of its days."""
