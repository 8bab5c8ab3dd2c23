"""The company's own billing system: what the portal tells it by webhook, shown on screen."""
