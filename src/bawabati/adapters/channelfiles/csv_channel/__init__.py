"""Our own form of a channel's daily file: CSV in UTF-8."""
