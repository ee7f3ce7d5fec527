"""Counts requests as they end: by the pattern of their route, never by their address, which may hold a private link."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

# When each series began is a series of its own otherwise, and nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Meters:
    """What one process knows of itself. Each app has its own, so that no two of them count together."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            "carpool_requests",
            "Requests that this process answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "carpool_request_seconds",
            "How long this process took to answer them.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request that has ended."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
