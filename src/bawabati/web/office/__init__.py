"""Where the operator works: the readers, desks and bridges of every agency."""
