"""The demonstration's world: fictional companies with believable agencies, people, texts and bills."""
