"""The tables. What must be true of every row whatever the code does is a constraint here, not a rule elsewhere."""

from api.store.tables.backups import LastBackup
from api.store.tables.campaigns import (
    Campaign,
    ConstituencyResult,
    Event,
    KeyConstituency,
    PostcodeUnit,
    PublicPlace,
)
from api.store.tables.columns import now
from api.store.tables.company import Avoidance, Friend, FriendWord
from api.store.tables.contacts import NewContact
from api.store.tables.coordinators import (
    Attempt,
    AuditEntry,
    Coordinator,
    KnownDevice,
    LoginSession,
    Membership,
    RecoveryCode,
)
from api.store.tables.erased import Erased
from api.store.tables.exchange import ImportRow, RemovedContact, TableImport
from api.store.tables.hands import Edit, Hold, HoldPerson
from api.store.tables.hosts import Arrival, Host, HostLink, HostSession
from api.store.tables.lifts import Lift, LiftStop, Run
from api.store.tables.messages import DemoLetter, Message
from api.store.tables.names import GeocoderAnswer, GeocoderTurn
from api.store.tables.next_one import NextOne
from api.store.tables.planned import Planned
from api.store.tables.repairs import Repair, WayHome
from api.store.tables.ringing import Ringing
from api.store.tables.road_times import RoadTimes
from api.store.tables.safety import KeptApart, Report
from api.store.tables.sign_ups import Draft, Offer, Person, PrivateLink, PrivateSession, Request, SignUp
from api.store.tables.spending import Driven
from api.store.tables.team import Invitation, InvitationLink
from api.store.tables.worth import Worth

__all__ = [
    "Arrival",
    "Attempt",
    "AuditEntry",
    "Avoidance",
    "Campaign",
    "ConstituencyResult",
    "Coordinator",
    "DemoLetter",
    "Draft",
    "Driven",
    "Edit",
    "Erased",
    "Event",
    "Friend",
    "FriendWord",
    "GeocoderAnswer",
    "GeocoderTurn",
    "Hold",
    "HoldPerson",
    "Host",
    "HostLink",
    "HostSession",
    "ImportRow",
    "Invitation",
    "InvitationLink",
    "KeptApart",
    "KeyConstituency",
    "KnownDevice",
    "LastBackup",
    "Lift",
    "LiftStop",
    "LoginSession",
    "Membership",
    "Message",
    "NewContact",
    "NextOne",
    "Offer",
    "Person",
    "Planned",
    "PostcodeUnit",
    "PrivateLink",
    "PrivateSession",
    "PublicPlace",
    "RecoveryCode",
    "RemovedContact",
    "Repair",
    "Report",
    "Request",
    "Ringing",
    "RoadTimes",
    "Run",
    "SignUp",
    "TableImport",
    "WayHome",
    "Worth",
    "now",
]
