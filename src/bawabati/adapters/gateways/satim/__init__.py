"""SATIM's gateway (CIB and Edahabia), and other gateways of the same make, such as Algérie Poste's."""
