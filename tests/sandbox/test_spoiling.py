"""What the sandbox makes wrong is wrong, whatever was right."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.gateway.spoiling import _another_number


@given(number=st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=10, max_size=10))
def test_the_number_of_another_order_is_never_the_orders_own(number: str) -> None:
    assert _another_number(number) != number
