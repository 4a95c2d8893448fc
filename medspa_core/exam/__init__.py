"""From a consultation to a treatment: the clinician's review and exam, the order, what was done, and what a director approves.

No clock is read here: every verb is given the moment (`now`) and the day at the clinic (`on`). Rows are only ever added.
"""

from medspa_core.exam.approvals import (
    Approval,
    approve_rulebook,
    approves,
    latest_approval,
    training_only,
    what_changed,
    withdraw_approval,
)
from medspa_core.exam.blocks import (
    Block,
    Delegate,
    Missing,
    OrderTerms,
    Wanted,
    licences_needed,
    order_blocks,
    steps_of_visit,
    treatment_blocks,
)
from medspa_core.exam.corrections import Correction, correct_treatment
from medspa_core.exam.exams import Exam, How, NewExam, latest_exam, sign_exam
from medspa_core.exam.orders import NewOrder, Order, amend_order, order_in_force, revoke_order, sign_order
from medspa_core.exam.products import (
    NewProduct,
    Product,
    approve_product,
    list_products,
    product_in_use,
    product_kind,
    withdraw_product,
)
from medspa_core.exam.rulings import rule_on
from medspa_core.exam.sessions import (
    ClientOrder,
    OrderToDo,
    TreatmentFile,
    client_orders,
    last_session_day,
    treatment_file,
)
from medspa_core.exam.signing import ExamProblem, Signature
from medspa_core.exam.standing_orders import (
    SignedStandingOrder,
    sign_standing_order,
    standing_orders_for,
    standing_orders_in_force,
)
from medspa_core.exam.still_missing import EXAM, FINDINGS, ORDER, StillMissing, still_missing
from medspa_core.exam.treatments import NewTreatment, Treatment, blocks_now, record_treatment
from medspa_core.exam.verdicts import BY_CLINICIAN, AfterReview, Ruling, Word, after_review, can_be_lifted, is_on
from medspa_core.exam.worklist import (
    MOST,
    ReviewFile,
    Waits,
    WorklistLine,
    review_file,
    review_line,
    rulings_for_the_client,
    waiting_counts,
    worklist,
)

__all__ = [
    "BY_CLINICIAN",
    "EXAM",
    "FINDINGS",
    "MOST",
    "ORDER",
    "AfterReview",
    "Approval",
    "Block",
    "ClientOrder",
    "Correction",
    "Delegate",
    "Exam",
    "ExamProblem",
    "How",
    "Missing",
    "NewExam",
    "NewOrder",
    "NewProduct",
    "NewTreatment",
    "Order",
    "OrderTerms",
    "OrderToDo",
    "Product",
    "ReviewFile",
    "Ruling",
    "Signature",
    "SignedStandingOrder",
    "StillMissing",
    "Treatment",
    "TreatmentFile",
    "Waits",
    "Wanted",
    "Word",
    "WorklistLine",
    "after_review",
    "amend_order",
    "approve_product",
    "approve_rulebook",
    "approves",
    "blocks_now",
    "can_be_lifted",
    "client_orders",
    "correct_treatment",
    "is_on",
    "last_session_day",
    "latest_approval",
    "latest_exam",
    "licences_needed",
    "list_products",
    "order_blocks",
    "order_in_force",
    "product_in_use",
    "product_kind",
    "record_treatment",
    "review_file",
    "review_line",
    "revoke_order",
    "rule_on",
    "rulings_for_the_client",
    "sign_exam",
    "sign_order",
    "sign_standing_order",
    "standing_orders_for",
    "standing_orders_in_force",
    "steps_of_visit",
    "still_missing",
    "training_only",
    "treatment_blocks",
    "treatment_file",
    "waiting_counts",
    "what_changed",
    "withdraw_approval",
    "withdraw_product",
    "worklist",
]
