"""Moments as visitors read them: on their clocks, in their language, in the order that it has (Unicode CLDR, full)."""

from datetime import datetime

from groundswell.kernel.ranges import zone

# fmt: off
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
_ORDER = {
    "en": "{weekday}, {day} {month} {year}",
    "de": "{weekday}, {day}. {month} {year}",
    "es": "{weekday}, {day} de {month} de {year}",
    "fr": "{weekday} {day} {month} {year}",
    "it": "{weekday} {day} {month} {year}",
    "nl": "{weekday} {day} {month} {year}",
    "pt": "{weekday}, {day} de {month} de {year}",
}
_FIRST_DAY = {"fr": "1er"}
"""Where the first of a month has a name of its own."""
# fmt: on


def local_time(moment: datetime, timezone: str, language: str) -> str:
    """`Monday, 30 November 2026, 15:00 (Europe/Berlin, UTC+01:00)`: on those clocks, in that language."""
    local = moment.astimezone(zone(timezone))
    offset = f"UTC{local:%z}"[:6] + ":" + f"{local:%z}"[3:5]
    place = timezone if timezone == "UTC" else f"{timezone}, {offset}"
    return f"{local_date(moment, timezone, language)}, {local:%H:%M} ({place})"


def local_date(moment: datetime, timezone: str, language: str) -> str:
    """`Monday, 30 November 2026`."""
    local = moment.astimezone(zone(timezone))
    return _ORDER[language].format(
        weekday=_DAYS[language].split()[local.weekday()],
        day=_FIRST_DAY.get(language, "1") if local.day == 1 else local.day,
        month=_MONTHS[language].split()[local.month - 1],
        year=local.year,
    )
