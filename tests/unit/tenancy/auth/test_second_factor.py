"""Setting up, using and removing a second factor, through the services."""

import itertools
import re
from datetime import timedelta

import pytest

from groundswell.access.model import Caller, Role
from groundswell.kernel.errors import Invalid, RateLimited
from groundswell.tenancy.auth.backoff import STRANGERS
from groundswell.tenancy.auth.factor import Codes, TotpEnabled, TotpNotSetUp, TotpRequired, WrongCode
from groundswell.tenancy.auth.factors import FactorService
from groundswell.tenancy.auth.known import DeviceTokens
from groundswell.tenancy.auth.model import Credential, TokenPair, User
from groundswell.tenancy.auth.signin import Device, SignInService
from groundswell.tenancy.auth.totp import STEP_SECONDS, code_at
from tests.clock import START
from tests.fakes.accounts import (
    FakeAccountStore,
    FakeFactorStore,
    FakePasswords,
    FakeSealer,
    FakeSessionStore,
    FakeSignInStore,
)
from tests.keys import Keys

ADA = User("ada", "org", "ada@example.com", "Ada", "", Role.OWNER, True, True, START, START)
WHO = Caller("ada", "org", Role.OWNER, "session", ADA.email)
PASSWORD = "correct horse battery"
DEVICE = Device("test", "203.0.113.7")


class FakeTokens:
    def pair(self, user, session):
        return TokenPair(session.id, "")


class System:
    def __init__(self, clock):
        self.clock = clock
        self.accounts = FakeAccountStore()
        self.accounts.save(ADA)
        self.accounts.save_credential(Credential(ADA.email, ADA.id, f"hashed:{PASSWORD}"))
        self.store = FakeSignInStore(self.accounts, FakeSessionStore())
        self.factors = FakeFactorStore(self.store.factors)
        self.random = itertools.count()
        passwords, sealer = FakePasswords(), FakeSealer()
        self.sessions = FakeSessionStore()
        self.service = FactorService(
            self.factors, self.accounts, self.sessions, passwords, sealer, clock, lambda: "mail", self.random_bytes
        )
        ids = (str(number) for number in itertools.count())
        self.entrance = SignInService(
            self.store,
            self.accounts,
            FakeSessionStore(),
            passwords,
            FakeTokens(),
            DeviceTokens(Keys(), clock, lambda: "device"),
            sealer,
            True,
            clock,
            lambda: next(ids),
        )

    def random_bytes(self, size):
        return bytes([next(self.random)]) * size

    def enable(self):
        self.service.set_up(WHO, PASSWORD)
        codes = self.service.confirm(WHO, self.code())
        self.clock.advance(seconds=STEP_SECONDS)
        return codes

    def code(self, drift=0):
        secret = FakeSealer().open(self.store.factors[ADA.email].sealed_secret, {"user": "ada", "use": "totp"})
        return code_at(secret, int(self.clock().timestamp()) // STEP_SECONDS + drift)

    def login(self, password=PASSWORD, **codes):
        return self.entrance.login(ADA.email, password, DEVICE, Codes(**codes))


@pytest.fixture
def system(clock):
    return System(clock)


def wrong(code):
    return str((int(code) + 1) % 10**6).zfill(6)


def test_a_factor_that_is_not_confirmed_asks_for_nothing(system):
    system.service.set_up(WHO, PASSWORD)

    assert system.login()


def test_setting_up_again_before_confirming_makes_a_new_secret(system):
    first, second = system.service.set_up(WHO, PASSWORD), system.service.set_up(WHO, PASSWORD)

    assert first.secret != second.secret
    assert system.service.confirm(WHO, system.code())


def test_the_secret_is_sealed_and_only_hashes_of_recovery_codes_are_kept(system):
    setup = system.service.set_up(WHO, PASSWORD)
    codes = system.service.confirm(WHO, system.code())

    kept = repr(system.store.factors)
    assert setup.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_confirming_gives_ten_different_recovery_codes(system):
    codes = system.enable()

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", code) for code in codes)
    assert [entry.action for entry in system.factors.noted] == ["totp.enabled"]


def test_confirming_with_a_wrong_code_enables_nothing(system):
    system.service.set_up(WHO, PASSWORD)

    with pytest.raises(Invalid):
        system.service.confirm(WHO, wrong(system.code()))

    assert system.login()


def test_confirming_without_setting_up_is_refused(system):
    with pytest.raises(TotpNotSetUp):
        system.service.confirm(WHO, "123456")


def test_what_is_enabled_is_neither_set_up_nor_confirmed_again(system):
    system.enable()

    with pytest.raises(TotpEnabled):
        system.service.set_up(WHO, PASSWORD)
    with pytest.raises(TotpEnabled):
        system.service.confirm(WHO, system.code())


def test_a_sign_in_needs_the_code_once_it_is_enabled(system):
    system.enable()

    with pytest.raises(TotpRequired):
        system.login()
    assert system.login(totp=system.code())


def test_being_asked_for_the_code_is_no_failure(system):
    system.enable()
    for _ in range(20):
        with pytest.raises(TotpRequired):
            system.login()

    assert system.login(totp=system.code())


def test_a_code_works_once(system):
    system.enable()
    code = system.code()
    system.login(totp=code)

    with pytest.raises(WrongCode):
        system.login(totp=code)


def test_the_code_that_confirmed_does_not_sign_in(system):
    system.service.set_up(WHO, PASSWORD)
    code = system.code()
    system.service.confirm(WHO, code)

    with pytest.raises(WrongCode):
        system.login(totp=code)


def test_a_wrong_code_counts_as_a_failure_of_the_account(system):
    system.enable()
    for _ in range(5):
        with pytest.raises(WrongCode):
            system.login(totp=wrong(system.code()))

    with pytest.raises(RateLimited):
        system.login(totp=system.code())


def test_a_right_password_does_not_make_guesses_at_the_code_free_again(system):
    system.enable()
    for _ in range(4):
        with pytest.raises(WrongCode):
            system.login(totp=wrong(system.code()))
        with pytest.raises(TotpRequired):
            system.login()

    assert system.store.failures[ADA.email, STRANGERS].failures == 4


def test_a_wrong_password_with_a_right_code_is_refused_and_spends_nothing(system):
    system.enable()
    code = system.code()
    with pytest.raises(Exception, match="wrong"):
        system.login(password="wrong password", totp=code)

    assert system.login(totp=code)


def test_a_recovery_code_works_once_in_any_spelling(system):
    codes = system.enable()
    assert system.login(recovery=codes[3].upper().replace("-", " "))

    with pytest.raises(WrongCode):
        system.login(recovery=codes[3])
    assert system.login(recovery=codes[4])
    assert [(e.action, e.details["left"]) for e in system.accounts.noted if e.action == "recovery_code.used"] == [
        ("recovery_code.used", "9"),
        ("recovery_code.used", "8"),
    ]


def test_two_sign_ins_with_one_code_at_the_same_moment_are_one(system):
    system.enable()
    code, known = system.code(), system.store.look_up(ADA.email, (STRANGERS,))
    system.login(totp=code)
    system.store.look_up = lambda *_: known  # what the second one read before the first one wrote

    with pytest.raises(WrongCode):
        system.login(totp=code)


@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_removing_takes_the_password_and_a_code(system, kind):
    recovery = system.enable()[0]
    code = system.code() if kind == "totp" else recovery

    for password, entered_code, field in [
        ("wrong password", code, "password"),
        (PASSWORD, wrong(system.code()), "code"),
    ]:
        with pytest.raises(Invalid) as refused:
            system.service.remove(WHO, password, entered_code)
        assert refused.value.problems[0].field == field
    system.service.remove(WHO, PASSWORD, code)

    assert system.login()
    assert system.factors.noted[-1].action == "totp.disabled"


def test_there_is_nothing_to_remove_before_it_is_enabled(system):
    system.service.set_up(WHO, PASSWORD)

    with pytest.raises(TotpNotSetUp):
        system.service.remove(WHO, PASSWORD, system.code())


def test_an_old_code_is_refused(system):
    system.enable()
    code = system.code()
    system.clock.time += timedelta(minutes=2)

    with pytest.raises(WrongCode):
        system.login(totp=code)
