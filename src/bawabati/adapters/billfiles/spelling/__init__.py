"""How tables of bills are spelled, whatever file they stand in: names of columns, values, lines."""
