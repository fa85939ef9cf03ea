"""Which language a text is in, by its script and its commonest words; None where they do not say.

Words are the most frequent function words of each language that few of the others share. A message of a few words is
often of no language that can be told: then it is left open.
"""

import re
import unicodedata
from collections import Counter

_WORDS = {
    "en": "the and is are you your to of for with this that have what where how when my it not can please hello thanks",
    "de": "der die das und ist sind ich sie nicht ein eine mit auf wie wo wann mein kann bitte danke hallo zu haben",
    "fr": "le la les et est je vous nous ne pas un une avec pour dans que où quand mon ma bonjour merci des du votre",
    "es": "el la los las y es yo usted no un una con para en que dónde cuándo mi hola gracias por favor cómo del está",
    "it": "il lo la gli e è io lei non un una con per in che dove quando mio ciao grazie come della sono buongiorno",
    "pt": "o os as e é eu você não um uma com para em que onde quando meu olá obrigado obrigada como da do está",
    "nl": "de het een en is zijn ik je jij niet met voor op waar wanneer mijn hallo dank hoe kan dat van graag",
    "pl": "i jest nie się na do to w z jak gdzie kiedy mój dzień dobry dziękuję proszę czy mam od dla",
    "tr": "ve bir bu için ne nerede ben sen değil merhaba teşekkürler lütfen var ile çok",
}
_BY_WORD: dict[str, tuple[str, ...]] = {}
for _language, _text in _WORDS.items():
    for _word in _text.split():
        _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _language)
_SCRIPTS = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}
_UKRAINIAN = frozenset("іїєґІЇЄҐ")
_LOOKED_AT = 1000


def language_of(text: str) -> str | None:
    """An ISO 639-1 code."""
    start = text[:_LOOKED_AT]
    return _by_script(start) or _by_words(start)


def _by_script(text: str) -> str | None:
    letters = [character for character in text if character.isalpha()]
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in letters)
    if scripts["HIRAGANA"] or scripts["KATAKANA"]:
        return "ja"
    script, count = scripts.most_common(1)[0] if scripts else ("", 0)
    if script not in _SCRIPTS or count * 2 < len(letters):
        return None
    return "uk" if script == "CYRILLIC" and _UKRAINIAN.intersection(text) else _SCRIPTS[script]


def _by_words(text: str) -> str | None:
    words = re.findall(r"\w+", text.lower())
    score: Counter[str] = Counter()
    for word in words:
        for language in _BY_WORD.get(word, ()):
            score[language] += 1
    ranked = score.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
