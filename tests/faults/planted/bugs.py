"""Every planted bug."""

from faults.planted import at_desks, in_the_flows, in_the_rules
from faults.planted.bug import Bug

ALL: tuple[Bug, ...] = (*in_the_rules.BUGS, *in_the_flows.BUGS, *at_desks.BUGS)
