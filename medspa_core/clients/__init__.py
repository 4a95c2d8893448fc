"""Clients and their consultations, as somebody may see and change them: every verb takes who asks."""

from medspa_core.clients.consultations import amend, amendments_of
from medspa_core.clients.erasure import (
    Proposal,
    confirm_erasure,
    hold,
    lift_hold,
    proposals,
    propose_erasure,
    withdraw_erasure,
)
from medspa_core.clients.history import Difference, Visit, differences, own_rulebook, said_today, visits_of
from medspa_core.clients.merging import Alike, alike, already_here, merge, unmerge
from medspa_core.clients.register import (
    Client,
    Details,
    change_client,
    new_client,
    new_id,
    open_client,
)
from medspa_core.clients.search import ClientLine, find_clients, recent_clients
from medspa_core.clients.trial_clients import count_invented
from medspa_core.clients.unassigned_consultations import Unassigned, attach, discard, discard_invented, unassigned
