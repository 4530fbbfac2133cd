"""The time, asked for and told between machines that were paired, and refused to all others."""

from pathlib import Path

import pytest

from studio.errors import NetworkError, PairingError
from studio.net.clock_protocol import ClockMachine, ClockStamp, reply_parser, request_bytes
from studio.net.clock_serving import ClockServer, machine_name
from studio.net.endpoints import NetMQSourceEndpoint, Process, RemoteClockExporterEndpoint, Stream
from studio.net.rendezvous_protocol import ProcessAdded, client_greeting_bytes, client_parser, record_bytes
from studio.net.tcp_client import ClientConnection, Deadline, resolve
from studio.net.tls_files import TlsFiles, client_context, server_context
from studio.net.tls_identity import Identity, new_identity
from studio.net.tls_policy import (
    TLS_PORT,
    TlsPolicy,
    Way,
    protected_endpoint,
    protected_offer,
    serving_plan,
    way_to,
)
from studio.net.tls_store import PairedMachine, PairedMachines
from studio.timing import SystemClock
from tests.net.feeding import at_once
from tests.net.pairing_peers import LOCAL, PATIENCE_S, Machine, paired

NOTHING = r"(?i)unknown.ca|expired|alert|reset|said nothing|broken pipe|eof occurred"
"""How a client that the server does not trust sees the end: as far as the two ends came with it."""


def asked(port: int, files: TlsFiles | None) -> list[ClockStamp | ClockMachine]:
    """What the clock at that port tells, as an importer asks it. Raises OSError if it does not."""
    deadline = Deadline(PATIENCE_S)
    context = None if files is None else client_context(files)
    connection = ClientConnection.open(resolve(LOCAL, port, deadline), deadline, context)
    try:
        connection.send(request_bytes(), deadline)
        said = b""
        while data := connection.receive(4096, deadline):
            said += data
    finally:
        connection.close()
    if not said:
        raise ConnectionError("it said nothing")
    return at_once(reply_parser, said)


class Exporting:
    """A clock told through TLS to those whom a machine trusts."""

    def __init__(self, machine: Machine) -> None:
        files = machine.store.files()
        assert files is not None
        self.failures: list[BaseException] = []
        self.server = ClockServer(
            LOCAL, 0, SystemClock(), on_failure=self.failures.append, context=server_context(files)
        )

    def __enter__(self) -> int:
        self.server.start()
        return self.server.port

    def __exit__(self, *exc: object) -> None:
        self.server.close()
        assert self.failures == []


def trusting(folder: Path, own: Identity, *others: Identity) -> TlsFiles:
    """Files of somebody with that identity who trusts those."""
    store = PairedMachines(folder)
    folder.mkdir(parents=True)
    (folder / "key.pem").write_bytes(own.key)
    (folder / "certificate.pem").write_text(_pem(own))
    for number, other in enumerate(others):
        store.add(PairedMachine(str(number), LOCAL, other.certificate))
    files = store.files()
    assert files is not None
    return files


def test_a_paired_machine_is_told_the_time(tmp_path: Path) -> None:
    one, other = paired(tmp_path, "A", "B")
    before = SystemClock().now()
    with Exporting(one) as port:
        stamp, machine = asked(port, other.store.files())
    assert isinstance(stamp, ClockStamp)
    assert 0 <= stamp.time - before + 100 < PATIENCE_S * 1e9
    assert machine == ClockMachine(machine_name())


def test_whoever_was_not_paired_is_told_nothing_and_the_others_are_served_on(tmp_path: Path) -> None:
    one, other = paired(tmp_path, "A", "B")
    stranger = trusting(tmp_path / "S", new_identity("B"), one.identity)
    with Exporting(one) as port:
        with pytest.raises(OSError, match=NOTHING):
            asked(port, stranger)
        with pytest.raises(OSError, match=NOTHING):
            asked(port, None)
        assert len(asked(port, other.store.files())) == 2


def test_an_exporter_that_was_not_paired_is_not_believed(tmp_path: Path) -> None:
    one, _ = paired(tmp_path, "A", "B")
    impostor = Machine(tmp_path, "I")
    impostor.trust(one)
    with Exporting(impostor) as port, pytest.raises(OSError, match=r"(?i)certificate verify failed"):
        asked(port, one.store.files())


def test_a_certificate_that_has_expired_is_not_taken(tmp_path: Path) -> None:
    one, expired = new_identity("A"), new_identity("OLD", now=0)
    server = trusting(tmp_path / "1", one, expired)
    client = trusting(tmp_path / "2", expired, one)
    listening = ClockServer(LOCAL, 0, SystemClock(), on_failure=_fail, context=server_context(server))
    listening.start()
    try:
        with pytest.raises(OSError, match=NOTHING):
            asked(listening.port, client)
    finally:
        listening.close()


def test_what_a_paired_machine_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    one, other = paired(tmp_path, "A", "B")
    vouched = _signed_by(other.identity)
    with Exporting(one) as port:
        files = trusting(tmp_path / "V", vouched, one.identity)
        with pytest.raises(OSError, match=NOTHING):
            asked(port, files)


def test_one_paired_machine_cannot_pose_as_another(tmp_path: Path) -> None:
    one, other, third = paired(tmp_path, "A", "B", "C")
    with Exporting(third) as port:
        assert asked(port, one.store.files(third.identity.fingerprint))
        with pytest.raises(OSError, match=r"(?i)certificate verify failed"):
            asked(port, one.store.files(other.identity.fingerprint))


def test_who_is_forgotten_is_not_trusted_any_more(tmp_path: Path) -> None:
    one, _, third = paired(tmp_path, "A", "B", "C")
    assert one.store.forget("B")
    assert not one.store.forget("B")
    assert [machine.machine for machine in one.store.machines] == ["C"]
    assert one.store.files(third.identity.fingerprint) is not None
    assert one.store.forget(third.identity.fingerprint)
    assert one.store.files() is None


def test_what_is_announced_is_nothing_new_to_an_original_program() -> None:
    clock = RemoteClockExporterEndpoint("10.0.0.2", 11511)
    process = Process("P", (clock, protected_endpoint("10.0.0.2", TLS_PORT, "ab" * 32)))
    said = client_greeting_bytes() + record_bytes(ProcessAdded(process))
    assert at_once(client_parser, said)[1] == ProcessAdded(process)
    offer = protected_offer(process)
    assert offer is not None
    assert (offer.host, offer.port, offer.fingerprint) == ("10.0.0.2", TLS_PORT, "ab" * 32)
    other = NetMQSourceEndpoint("tcp://x:1", (Stream("studio.clock.tls", "T"),))
    assert protected_offer(Process("P", (clock, other))) is None


def test_the_policy_says_which_way_the_time_is_asked_for(tmp_path: Path) -> None:
    one, other = paired(tmp_path, "A", "B")
    offered = protected_offer(Process("B", (protected_endpoint(LOCAL, 7, other.identity.fingerprint),)))
    plain = Way(LOCAL, 11511)
    for policy in (TlsPolicy.PREFER, TlsPolicy.REQUIRE):
        way = way_to(LOCAL, 11511, policy, one.store, offer=offered, machine="B")
        assert (way.port, way.tls) == (7, one.store.files(other.identity.fingerprint))
        fixed = way_to(LOCAL, 11511, policy, one.store)  # a fixed address that was paired
        assert fixed.port == way_to("b.lab.example", 11511, policy, one.store).port == TLS_PORT
        assert fixed.tls is not None
    assert way_to(LOCAL, 11511, TlsPolicy.PLAIN, one.store, offer=offered) == plain
    assert way_to("10.0.0.9", 1, TlsPolicy.PREFER, one.store, machine="Z") == Way("10.0.0.9", 1)
    with pytest.raises(PairingError, match="Only paired machines"):
        way_to("10.0.0.9", 1, TlsPolicy.REQUIRE, one.store, machine="Z")


def test_a_paired_machine_that_offers_less_than_before_is_not_followed(tmp_path: Path) -> None:
    """Somebody who changes what the directory lists cannot bring a machine to ask unprotected."""
    one, _ = paired(tmp_path, "A", "B")
    with pytest.raises(PairingError, match="unprotected only"):
        way_to("10.0.0.66", 11511, TlsPolicy.PREFER, one.store, machine="B")
    unknown = protected_offer(Process("B", (protected_endpoint(LOCAL, 7, "00" * 32),)))
    for policy in (TlsPolicy.PREFER, TlsPolicy.REQUIRE):
        with pytest.raises(PairingError, match="another certificate"):
            way_to(LOCAL, 11511, policy, one.store, offer=unknown, machine="B")


def test_the_policy_says_where_the_time_is_told(tmp_path: Path) -> None:
    one, _ = paired(tmp_path, "A", "B")
    alone = Machine(tmp_path, "C")
    assert serving_plan(TlsPolicy.PLAIN, one.store).tls is None
    both = serving_plan(TlsPolicy.PREFER, one.store)
    assert both.is_plain
    assert both.tls == one.store.files()
    assert not serving_plan(TlsPolicy.REQUIRE, one.store).is_plain
    assert serving_plan(TlsPolicy.PREFER, alone.store).tls is None
    with pytest.raises(PairingError, match="none was paired"):
        serving_plan(TlsPolicy.REQUIRE, alone.store)


def test_only_the_user_may_read_the_key_and_damage_is_told(tmp_path: Path) -> None:
    one, _ = paired(tmp_path, "A", "B")
    assert (one.folder / "key.pem").stat().st_mode & 0o077 == 0
    assert one.identity == one.identity
    (one.folder / "paired" / "damaged.json").write_text("{")
    (one.folder / "paired" / "other.json").write_text('{"machine": 1, "address": "", "certificate": "zz"}')
    assert [machine.machine for machine in one.store.machines] == ["B"]
    files = one.store.files()
    assert files is not None
    Path(files.certificate).write_text("no certificate")
    with pytest.raises(PairingError, match="pair the machines again"):
        one.store.files()
    with pytest.raises(NetworkError, match="pair the machines again"):
        client_context(files)


def _signed_by(issuer: Identity) -> Identity:
    """A certificate for somebody else, signed with a key that belongs to a certificate that is trusted."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

    made = new_identity("V")
    own = x509.load_der_x509_certificate(made.certificate)
    signer = x509.load_der_x509_certificate(issuer.certificate)
    key = load_pem_private_key(issuer.key, None)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(own.subject)
        .issuer_name(signer.subject)
        .public_key(own.public_key())
        .serial_number(7)
        .not_valid_before(own.not_valid_before_utc)
        .not_valid_after(own.not_valid_after_utc)
        .sign(key, SHA256())  # type: ignore[arg-type]
    )
    return Identity(certificate.public_bytes(Encoding.DER), made.key)


def _pem(identity: Identity) -> str:
    import ssl

    return ssl.DER_cert_to_PEM_cert(identity.certificate)


def _fail(error: BaseException) -> None:
    raise error
