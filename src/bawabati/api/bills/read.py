"""From our words to the wire's."""

from typing import Literal

from bawabati.api.bills.words import BillWords, FileWords, LineWords
from bawabati.bills.models import Bill, BillUpload
from bawabati.bills.reads import LineShown
from bawabati.bills.rules import BillStatus

State = Literal["unpaid", "part_paid", "paid", "cancelled", "replaced", "withdrawn"]


def line_words(line: LineShown) -> LineWords:
    """What became of a line."""
    return LineWords(
        line=line.line_number,
        outcome=line.outcome,  # type: ignore[arg-type]  # the database knows no other
        bill_number=line.bill_number,
        reason=line.reason,
        detail=line.detail,
    )


def file_words(upload: BillUpload) -> FileWords:
    """A file that was pushed, as far as it is."""
    batch, refusal = upload.batch, upload.refusal or {}
    return FileWords(
        id=upload.id,
        state=upload.state,  # type: ignore[arg-type]  # as above
        was_known=upload.was_known,
        line_count=batch.line_count if batch else None,
        created_count=batch.created_count if batch else None,
        changed_count=batch.changed_count if batch else None,
        unchanged_count=batch.unchanged_count if batch else None,
        bad_count=batch.bad_count if batch else None,
        lowered_count=upload.lowered_count,
        refusal_code=refusal.get("code", ""),
        refusal_sentence=refusal["sentence"] % refusal["details"] if refusal else "",
        received_at=upload.uploaded_at,
        ended_at=upload.ended_at,
    )


def bill_words(bill: Bill) -> BillWords:
    """A bill as it stands now."""
    return BillWords(
        bill_number=bill.bill_number,
        payment_number=bill.payment_number,
        customer_number=bill.customer.number,
        period=bill.period,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        state=_state_of(bill),
        replaced_by=bill.replaced_by,
        due_centimes=bill.due_centimes,
        settled_centimes=bill.settled_centimes,
        left_centimes=bill.due_centimes - bill.settled_centimes,
        settled_at=bill.settled_at,
        version=bill.version,
        as_of=bill.as_of,
    )


def _state_of(bill: Bill) -> State:
    if bill.status != BillStatus.OPEN:
        return bill.status  # type: ignore[return-value]  # as above
    if bill.settled_centimes == bill.due_centimes:
        return "paid"
    return "part_paid" if bill.settled_centimes else "unpaid"
