"""A bridge asks which receipt numbers are set aside for its desks."""

from bawabati.flows.steps.blocks import blocks_for_bridge


def list_blocks(*, bridge_id: int) -> list[dict[str, object]]:
    """The blocks in use, as the bridge keeps them for the hours in which its line is cut. Changes nothing."""
    return blocks_for_bridge(bridge_id)
