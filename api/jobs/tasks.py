"""The jobs, each a few lines that call a service. Their names are what `api.store.queue.defer` is given."""

from datetime import date
from uuid import UUID

from procrastinate import App, BaseConnector, JobContext
from sqlalchemy.exc import OperationalError

from api.jobs.backoff import BackOff, InHand
from api.jobs.bringing import bring_in
from api.jobs.delivery import deliver
from api.jobs.matching import carry_out
from api.jobs.repairing import carry_out_repair
from api.jobs.solving import SolverInterrupted
from api.jobs.tools import Tools
from api.jobs.versions import leave_unknown
from api.jobs.worth import find_worth
from api.logs import log
from api.messages.channels import TemporaryFailure
from api.services import backups, deadlines, recovery, reminders, retention, sending
from api.services.repair import answering
from api.store.queue import TEXTS_QUEUE

EVERY_MINUTE = "* * * * *"
EVERY_TEN_MINUTES = "*/10 * * * *"
# Hourly rather than once a day: the machine may be off at any one hour, and what must be deleted is not forgotten.
EVERY_HOUR = "17 * * * *"
FAILED_JOBS_KEPT_HOURS = 7 * 24


def make_app(connector: BaseConnector, tools: Tools) -> App:
    """The queue with all jobs that there are."""
    app = App(connector=connector)
    _add_imports(app, tools)
    carrying = BackOff((TemporaryFailure, InHand, OperationalError))

    @app.task(name="send_message", pass_context=True, retry=carrying)
    def send_message(context: JobContext, *, message_id: str) -> None:
        # Whoever waits for the gateway keeps no letter waiting, nor the other way round.
        turns = tools.texts_turns if context.job.queue == TEXTS_QUEUE else tools.letters_turns
        with turns.turn():
            deliver(tools, UUID(message_id), is_last_try=carrying.is_last(context.job.attempts))

    @app.task(name="carry_out_run", retry=BackOff((SolverInterrupted, OperationalError)))
    def carry_out_run(*, run_id: str) -> None:
        carry_out(tools, UUID(run_id))

    @app.task(name="carry_out_repair", retry=BackOff((SolverInterrupted, OperationalError)))
    def repair(*, repair_id: str) -> None:
        carry_out_repair(tools, UUID(repair_id))

    @app.task(name="release_messages", retry=BackOff((OperationalError,)))
    def release_messages(*, campaign_id: str, day: str) -> None:
        with tools.transaction() as db:
            sending.release(db, UUID(campaign_id), date.fromisoformat(day))

    _add_periodic(app, tools)
    _add_upkeep(app, tools)
    leave_unknown(app)
    return app


def _add_periodic(app: App, tools: Tools) -> None:
    """What is done by the clock."""

    @app.periodic(cron=EVERY_MINUTE)
    @app.task(name="pick_up_messages")
    def pick_up_messages(timestamp: int) -> None:
        with tools.transaction() as db:
            lost = recovery.requeue_lost(db)
        if lost:
            log.warning("jobs were lost and queued again", count=lost)

    @app.periodic(cron=EVERY_MINUTE)
    @app.task(name="answer_repairs")
    def answer_repairs(timestamp: int) -> None:
        with tools.transaction() as db:
            count = answering.lapse_due(db)
        if count:
            log.info("repairs without an answer settled", count=count)

    @app.periodic(cron=EVERY_TEN_MINUTES)
    @app.task(name="remind")
    def remind(timestamp: int) -> None:
        with tools.transaction() as db:
            queued = reminders.queue_due(db)
        log.info("reminders queued", count=queued)
        with tools.transaction() as db:
            called_off = deadlines.call_off_due(db)
        log.info("lifts called off", count=called_off)


def _add_upkeep(app: App, tools: Tools) -> None:
    """What is deleted by the clock, and how it stays so."""

    @app.periodic(cron=EVERY_MINUTE)
    @app.task(name="list_erased")
    def list_erased(timestamp: int) -> None:
        with tools.transaction() as db:
            backups.list_erased(db)

    @app.periodic(cron=EVERY_HOUR)
    @app.task(name="purge")
    def purge(timestamp: int) -> None:
        with tools.transaction() as db:
            purged = retention.purge(db)
        log.info("purged", count=purged.people)

    @app.periodic(cron=EVERY_HOUR)
    @app.task(name="forget_failed_jobs", pass_context=True)
    async def forget_failed_jobs(context: JobContext, timestamp: int) -> None:
        await context.app.job_manager.delete_old_jobs(
            nb_hours=FAILED_JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def _add_imports(app: App, tools: Tools) -> None:
    @app.task(name="find_worth", retry=BackOff((SolverInterrupted, OperationalError)))
    def find_where_cars_are_missing(*, run_id: str) -> None:
        find_worth(tools, UUID(run_id))

    @app.task(name="carry_out_import", retry=BackOff((OperationalError,)))
    def carry_out_import(*, import_id: str) -> None:
        bring_in(tools, UUID(import_id))
