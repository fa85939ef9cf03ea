"""What mail servers say, in their own words (collected from real ones)."""

import pytest

from groundswell.validation.smtp import Reply, greeting_reason, mailbox_reason


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (250, "2.1.5 OK", "mailbox_exists"),
        (251, "User not local; will forward", "mailbox_exists"),
        (550, "5.1.1 The email account that you tried to reach does not exist.", "mailbox_not_found"),
        (550, "5.4.1 Recipient address rejected: Access denied.", "mailbox_not_found"),
        (550, "Requested action not taken: mailbox unavailable", "mailbox_not_found"),
        (550, "No such user here", "mailbox_not_found"),
        (553, "sorry, that domain isn't in my list", "mailbox_not_found"),
        (554, "delivery error: dd This user doesn't have an account", "smtp_refused"),
        (550, "5.2.1 The email account that you tried to reach is disabled.", "mailbox_disabled"),
        (550, "Account suspended", "mailbox_disabled"),
        (452, "4.2.2 The email account that you tried to reach is over quota", "mailbox_full"),
        (552, "5.2.2 mailbox full", "mailbox_full"),
        (550, "5.7.1 Service unavailable; client host [1.2.3.4] blocked using Spamhaus", "smtp_refused"),
        (554, "5.7.1 Relay access denied", "smtp_refused"),
        (550, "Blocked - see our policy", "smtp_refused"),
        (530, "5.7.0 Authentication required", "smtp_refused"),
        (450, "4.2.0 Recipient address rejected: Greylisted", "greylisted"),
        (451, "4.7.1 Please try again later", "greylisted"),
        (421, "4.7.0 Too many connections", "smtp_unreachable"),
    ],
)
def test_an_answer_about_a_mailbox_means(code, text, reason):
    assert mailbox_reason(Reply(code, text)) == reason


def test_who_is_turned_away_at_the_door_knows_nothing_of_mailboxes():
    assert greeting_reason(Reply(554, "No SMTP service here")) == "smtp_refused"
    assert greeting_reason(Reply(421, "Try again")) == "greylisted"
