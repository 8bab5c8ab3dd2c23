"""nexo Retailer (Sale-to-POI) 3.x as JSON over TLS."""
