"""From a consultation to a treatment: the clinician's review and exam, the order, what was done, and what a director approves.

No clock is read here: every verb is given the moment (`now`) and the day at the clinic (`on`). Rows are only ever added.
"""

from medspa_core.exam.approval.approvals import (
    Approval,
    approve_rulebook,
    approves,
    latest_approval,
    training_only,
    what_changed,
    withdraw_approval,
)
from medspa_core.exam.approval.products import (
    NewProduct,
    Product,
    approve_product,
    list_products,
    product_in_use,
    product_kind,
    withdraw_product,
)
from medspa_core.exam.approval.standing_orders import (
    sign_standing_order,
    standing_orders_for,
    standing_orders_in_force,
)
from medspa_core.exam.exams import How, NewExam, sign_exam
from medspa_core.exam.held_back import HeldBack, held_back_in
from medspa_core.exam.missing_before_treatment import (
    Block,
    Missing,
    Wanted,
    licences_needed,
    order_blocks,
    unseen,
)
from medspa_core.exam.orders import NewOrder, Order, last_order_day, revoke_order, sign_order
from medspa_core.exam.review_file import (
    ReviewFile,
    has_seen_the_answers,
    is_examined,
    review_file,
    rulings_for_the_client,
)
from medspa_core.exam.rulings import review_of, rule_on
from medspa_core.exam.signed_limits import SignedLimit, beyond_depth, beyond_sessions, signed_beyond, signed_limits
from medspa_core.exam.signing import ExamProblem, SigningContext
from medspa_core.exam.still_missing import EXAM, FINDINGS, ORDER, StillMissing, still_missing
from medspa_core.exam.treatment.amounts import UNIT, has_no_unit, with_unit
from medspa_core.exam.treatment.corrections import Correction, correct_treatment
from medspa_core.exam.treatment.sessions import (
    ClientOrder,
    OrderToDo,
    TreatmentFile,
    client_orders,
    last_session_day,
    treatment_file,
)
from medspa_core.exam.treatment.treatments import (
    NewTreatment,
    Treatment,
    blocks_now,
    is_treated_on,
    is_treated_since,
    record_treatment,
)
from medspa_core.exam.verdicts import BY_CLINICIAN, AfterReview, Ruling, Word, after_review, can_be_lifted, is_on
from medspa_core.exam.worklist import MOST, Waits, WorklistLine, number_waiting, review_line, waiting_counts, worklist
