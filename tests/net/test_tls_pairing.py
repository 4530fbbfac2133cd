"""Two machines are made to trust each other, and only those two, and only if both users agree."""

import hashlib
import os
import socket
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import NetworkError, PairingError, RemoteProtocolError
from studio.net.tls_identity import check_certificate, new_identity
from studio.net.tls_pairing import PairingSession, PairingState
from studio.net.tls_pairing_protocol import (
    NUMBER_BYTES,
    Conversation,
    Hello,
    Said,
    Shown,
    Verdict,
    check_promise,
    pairing_parser,
    promise_of,
    said_bytes,
)
from tests.net.feeding import in_pieces
from tests.net.pairing_peers import LOCAL, PATIENCE_S, Machine, calling, waiting

CERTIFICATE = new_identity("LAB").certificate
SIGNED_BYTES = 200
"""So many at its beginning are signed, whatever follows."""
numbers = st.binary(min_size=NUMBER_BYTES, max_size=NUMBER_BYTES)
hellos = st.builds(Hello, st.text(max_size=20), st.binary(min_size=1, max_size=500), numbers)


def test_both_see_the_same_code_and_trust_each_other_when_both_users_say_so(tmp_path: Path) -> None:
    one, other = Machine(tmp_path, "LAB-A"), Machine(tmp_path, "LAB-B")
    with waiting(one) as called, calling(other, called.port) as caller:
        status = called.wait_code(PATIENCE_S)
        assert status.code == caller.status.code
        assert len(status.code) == 7
        assert (status.machine, caller.status.machine) == ("LAB-B", "LAB-A")
        caller.answer(is_equal=True)
        assert called.status.state is PairingState.COMPARING
        assert not one.store.machines
        called.answer(is_equal=True)
        assert called.wait_end(PATIENCE_S).state is PairingState.PAIRED
        assert caller.wait_end(PATIENCE_S).state is PairingState.PAIRED
    (known,) = one.store.machines
    assert (known.machine, known.address, known.certificate) == (
        "LAB-B",
        LOCAL,
        other.identity.certificate,
    )
    assert [machine.fingerprint for machine in other.store.machines] == [one.identity.fingerprint]


@pytest.mark.parametrize("caller_says_no", [True, False])
def test_nothing_is_kept_if_one_user_sees_another_code(tmp_path: Path, caller_says_no: bool) -> None:
    one, other = Machine(tmp_path, "A"), Machine(tmp_path, "B")
    with waiting(one) as called, calling(other, called.port) as caller:
        called.wait_code(PATIENCE_S)
        doubtful, trusting = (caller, called) if caller_says_no else (called, caller)
        trusting.answer(is_equal=True)
        doubtful.answer(is_equal=False)
        for session in (caller, called):
            status = session.wait_end(PATIENCE_S)
            assert status.state is PairingState.REFUSED
            assert "codes differ" in status.text
    assert one.store.machines == other.store.machines == ()


def test_who_stands_between_cannot_make_the_codes_equal(tmp_path: Path) -> None:
    one, other, between = Machine(tmp_path, "A"), Machine(tmp_path, "B"), Machine(tmp_path, "M")
    with (
        waiting(one) as called,
        waiting(between) as trap,
        calling(other, trap.port) as victim,
        calling(between, called.port),
    ):
        assert victim.wait_code(PATIENCE_S).code != called.wait_code(PATIENCE_S).code


def test_a_stranger_who_says_nothing_sense_or_goes_keeps_nobody_from_being_paired(tmp_path: Path) -> None:
    one, other = Machine(tmp_path, "A"), Machine(tmp_path, "B")
    hello = said_bytes(Hello("X", b"no certificate", b"p" * NUMBER_BYTES))
    with waiting(one) as called:
        for said in (b"", b"GET / HTTP/1.1\r\n\r\n", hello, hello[:20], os.urandom(500)):
            with socket.create_connection((LOCAL, called.port), timeout=PATIENCE_S) as stranger:
                stranger.sendall(said)
                stranger.shutdown(socket.SHUT_WR)
                assert not _all(stranger)
        with calling(other, called.port) as caller:
            assert caller.status.code == called.wait_code(PATIENCE_S).code


def test_who_does_not_keep_the_promise_is_given_nothing(tmp_path: Path) -> None:
    one, liar = Machine(tmp_path, "A"), Machine(tmp_path, "L")
    with (
        waiting(one) as called,
        socket.create_connection((LOCAL, called.port), timeout=PATIENCE_S) as sock,
    ):
        certificate = liar.identity.certificate
        promised = promise_of(b"n" * NUMBER_BYTES, certificate)
        sock.sendall(said_bytes(Hello("L", certificate, promised)) + b"m" * NUMBER_BYTES)
        assert [type(said) for said in pairing_parser().feed(_all(sock))] == [Hello]
        assert called.status.state is PairingState.WAITING


def test_a_certificate_without_its_key_is_not_trusted(tmp_path: Path) -> None:
    one, stolen = Machine(tmp_path, "A"), Machine(tmp_path, "S")
    with (
        waiting(one) as called,
        socket.create_connection((LOCAL, called.port), timeout=PATIENCE_S) as sock,
    ):
        certificate, number = stolen.identity.certificate, b"n" * NUMBER_BYTES
        sock.sendall(said_bytes(Hello("S", certificate, promise_of(number, certificate))) + number)
        called.wait_code(PATIENCE_S)
        called.answer(is_equal=True)
        sock.sendall(said_bytes(Verdict(b"a signature by nobody")))
        status = called.wait_end(PATIENCE_S)
    assert status.state is PairingState.FAILED
    assert "does not have the key" in status.text
    assert one.store.machines == ()


def test_a_certificate_that_has_expired_is_told(tmp_path: Path) -> None:
    one, old = Machine(tmp_path, "A"), Machine(tmp_path, "OLD")
    expired = new_identity("OLD", now=0)
    old.folder.mkdir(parents=True)
    (old.folder / "key.pem").write_bytes(expired.key)
    (old.folder / "certificate.pem").write_text(_pem(expired.certificate))
    with waiting(old) as called:
        session = PairingSession(one.store, one.name, LOCAL, called.port, is_caller=True)
        session.start()
        status = session.wait_end(PATIENCE_S)
        session.close()
    assert status.state is PairingState.FAILED
    assert "1989" in status.text
    assert "right date" in status.text


@pytest.mark.filterwarnings("ignore:.*:UserWarning")  # of cryptography, for certificates that are odd
@given(st.data())
def test_damaged_certificates_are_refused_and_nothing_else(data: st.DataObject) -> None:
    certificate = bytearray(CERTIFICATE)
    certificate[data.draw(st.integers(0, SIGNED_BYTES - 1))] ^= data.draw(st.integers(1, 255))
    for place in data.draw(st.sets(st.integers(SIGNED_BYTES, len(certificate) - 1), max_size=3)):
        certificate[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(PairingError):
        check_certificate(bytes(certificate))


def test_a_machine_is_not_paired_with_itself(tmp_path: Path) -> None:
    one = Machine(tmp_path, "A")
    assert one.identity
    with waiting(one) as called:
        session = PairingSession(one.store, "A", LOCAL, called.port, is_caller=True)
        session.start()
        assert session.wait_end(PATIENCE_S).state is PairingState.FAILED
        session.close()


def test_nobody_there_and_calling_off_are_told_in_words(tmp_path: Path) -> None:
    one = Machine(tmp_path, "A")
    with waiting(one) as called:
        port = called.port
        with pytest.raises(PairingError, match="no code to compare"):
            called.answer(is_equal=True)
        with pytest.raises(NetworkError, match=str(port)):
            PairingSession(one.store, "A", LOCAL, port, is_caller=False).start()
    assert called.status.state is PairingState.FAILED
    assert called.status.text == "It was called off."
    session = PairingSession(one.store, "A", LOCAL, port, is_caller=True)
    session.start()
    assert "Begin on the other machine first" in session.wait_end(PATIENCE_S).text
    session.close()


def test_a_machine_that_vanishes_while_users_compare_is_not_trusted(tmp_path: Path) -> None:
    one, other = Machine(tmp_path, "A"), Machine(tmp_path, "B")
    with waiting(one) as called:
        with calling(other, called.port):
            called.wait_code(PATIENCE_S)
        status = called.wait_end(PATIENCE_S)
    assert status.state is PairingState.FAILED
    assert one.store.machines == other.store.machines == ()


@given(one=hellos, other=hellos, first=numbers, second=numbers)
def test_the_code_depends_on_all_that_was_said(one: Hello, other: Hello, first: bytes, second: bytes) -> None:
    said = Conversation(one, first, other, second)
    assert said.code == Conversation(one, first, other, second).code
    changed = hashlib.sha256(first).digest()
    others = [
        Conversation(one, changed, other, second),
        Conversation(one, first, other, hashlib.sha256(second).digest()),
        Conversation(Hello(one.machine + "x", one.certificate, one.promise), first, other, second),
        Conversation(one, first, Hello(other.machine, other.certificate + b"x", other.promise), second),
    ]
    assert all(said.to_sign(by_caller=True) != one.to_sign(by_caller=True) for one in others)
    assert said.to_sign(by_caller=True) != said.to_sign(by_caller=False)


@given(hello=hellos, number=numbers, signature=st.binary(max_size=100), cuts=st.sets(st.integers(0, 700)))
def test_what_is_said_comes_as_it_was_sent_in_any_pieces(
    hello: Hello, number: bytes, signature: bytes, cuts: set[int]
) -> None:
    said: list[Said] = [hello, Shown(number), Verdict(signature)]
    assert in_pieces(pairing_parser, b"".join(map(said_bytes, said)), cuts) == said


def test_a_promise_holds_for_one_number_and_one_certificate() -> None:
    kept = Hello("A", b"certificate", promise_of(b"n" * NUMBER_BYTES, b"certificate"))
    check_promise(kept, Shown(b"n" * NUMBER_BYTES))
    with pytest.raises(RemoteProtocolError, match="promise"):
        check_promise(kept, Shown(b"m" * NUMBER_BYTES))
    with pytest.raises(RemoteProtocolError, match="promise"):
        check_promise(Hello("A", b"another", kept.promise), Shown(b"n" * NUMBER_BYTES))


def test_codes_are_spread_over_all_six_digits() -> None:
    hello = Hello("A", b"c", b"p" * NUMBER_BYTES)
    codes = {Conversation(hello, bytes([n]) * 32, hello, b"x" * 32).code for n in range(200)}
    assert len(codes) > 195
    assert {code[0] for code in codes} == set("0123456789")


def _all(sock: socket.socket) -> bytes:
    data = b""
    try:
        while more := sock.recv(65536):
            data += more
    except ConnectionError:
        pass
    return data


def _pem(certificate: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(certificate)
