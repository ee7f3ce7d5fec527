"""Nothing is lost with a worker: the jobs that it was at go to another."""

from procrastinate import App
from procrastinate.exceptions import ConnectorException

from api.logs import log
from api.services.watching import GONE_SECONDS

HEARTBEAT_SECONDS = 5.0


async def retry_stalled(app: App) -> int:
    """Give the jobs of workers that are gone back to the queue; how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=GONE_SECONDS))
    for job in stalled:
        try:
            await app.job_manager.retry_job(job)
        except ConnectorException:
            continue  # Another worker was faster.
        log.warning("job of a lost worker queued again", task=job.task_name)
    return len(stalled)
