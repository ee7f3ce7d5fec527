"""The embedded database starts, is shared, keeps what was committed, and stops with its last user."""

import os
import signal
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from api.store.embedded import EmbeddedServer, create_database, drop_database, running, start, stop
from tests.api.store.embedded.helpers import Spawn, fill, line, names


def setting(server: EmbeddedServer, name: str) -> str:
    with psycopg.connect(server.conninfo) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_the_server_is_durable_and_listens_on_its_private_socket_only(server: EmbeddedServer) -> None:
    wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": ""}
    assert {name: setting(server, name) for name in wanted} == wanted
    assert setting(server, "server_version_num").startswith("18")
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert server.cluster.home.stat().st_mode & 0o777 == 0o700
    assert (server.cluster.home / "password").stat().st_mode & 0o777 == 0o600


def test_the_role_is_no_superuser_and_nobody_gets_in_without_the_password(server: EmbeddedServer) -> None:
    with psycopg.connect(server.conninfo) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False,)
    where = f"host='{server.socket_folder}' dbname=carpool"
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(f"{where} user=carpool")
    with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        psycopg.connect(f"{where} user=postgres password={server.password}")


def test_the_password_is_not_shown(server: EmbeddedServer) -> None:
    assert server.password not in repr(server)
    assert len(server.password) >= 32


def test_sqlalchemy_takes_the_url(server: EmbeddedServer) -> None:
    engine = sqlalchemy.create_engine(server.url)
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT current_database()")) == "carpool"
    engine.dispose()


def test_what_was_committed_is_there_after_a_stop_and_a_start(data: Path) -> None:
    with running(data) as first:
        fill(first)
    assert not first.cluster.is_alive()
    assert not first.socket_folder.exists()
    with running(data) as second:
        assert names(second) == ["Ann"]


def test_the_last_one_out_stops_the_server(data: Path) -> None:
    first, second = start(data), start(data)
    assert first == second
    stop(first)
    stop(first)
    fill(second)
    stop(second)
    assert not second.cluster.is_alive()
    stop(second)


def test_processes_that_start_at_once_share_one_server(data: Path, spawn: Spawn) -> None:
    work = (
        "with running(Path(sys.argv[1])) as server: print(server.socket_folder, flush=True); time.sleep(600)"
    )
    folders = {line(process) for process in [spawn(work) for _ in range(4)]}
    with running(data) as server:
        assert folders == {str(server.socket_folder)}


def test_databases_are_made_from_a_template_and_dropped_under_open_connections(
    server: EmbeddedServer,
) -> None:
    fill(server)
    url = create_database(server, "it's a copy", template="carpool")
    assert sqlalchemy.make_url(url).database == "it's a copy"
    with psycopg.connect(server.conninfo_of("it's a copy")) as connection:
        assert connection.execute("SELECT name FROM person").fetchall() == [("Ann",)]
        connection.commit()
        drop_database(server, "it's a copy")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    drop_database(server, "it's a copy")


def test_the_log_holds_no_personal_data(server: EmbeddedServer) -> None:
    fill(server)
    with psycopg.connect(server.conninfo, autocommit=True) as connection:
        for statement in (
            "INSERT INTO person VALUES ('Ann')",
            "SELECT 'Ann'::integer",
            'SELECT 1/0 AS "Ann"',
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
    log = server.cluster.log.read_text()
    assert "database system is ready" in log
    assert "Ann" not in log


def test_termination_stops_the_server(data: Path, spawn: Spawn) -> None:
    process = spawn("with running(Path(sys.argv[1])): print('up', flush=True); time.sleep(600)")
    assert line(process) == "up"
    process.terminate()
    assert process.wait() == 128 + signal.SIGTERM
    with running(data) as server:
        assert "was shut down at" in server.cluster.log.read_text()
        assert "interrupted" not in server.cluster.log.read_text()


def test_a_handler_of_somebody_else_is_left_alone(data: Path) -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with running(data):
            assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with running(data):
            assert signal.getsignal(signal.SIGTERM) not in (signal.SIG_IGN, signal.SIG_DFL)
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_ctrl_c_reaches_us_and_not_the_database(spawn: Spawn) -> None:
    process = spawn(
        """
import psycopg
with running(Path(sys.argv[1])) as server:
    try:
        print("up", flush=True)
        time.sleep(600)
    except KeyboardInterrupt:
        time.sleep(0.3)
        with psycopg.connect(server.conninfo) as connection:
            print(connection.execute("SELECT 'still there'").fetchone()[0], flush=True)
"""
    )
    assert line(process) == "up"
    os.killpg(process.pid, signal.SIGINT)
    assert line(process) == "still there"
    assert process.wait() == 0
