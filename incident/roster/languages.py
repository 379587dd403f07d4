"""The preferred language of a person, as a roster writes it and as letters are filed: ISO 639-1 codes."""

_CODES = {
    "ar": "arabic العربية",
    "cs": "czech čeština",
    "de": "german deutsch",
    "el": "greek ελληνικά",
    "en": "english eng",
    "es": "spanish spa español espanol castellano",
    "fr": "french français francais",
    "hi": "hindi",
    "hy": "armenian",
    "it": "italian italiano",
    "ja": "japanese 日本語",
    "ko": "korean 한국어",
    "pl": "polish polski",
    "pt": "portuguese português",
    "ru": "russian русский",
    "tl": "tagalog filipino",
    "uk": "ukrainian українська",
    "vi": "vietnamese",
    "zh": "chinese mandarin cantonese 中文",
}
_BY_WORD = {word: code for code, words in _CODES.items() for word in words.split()}


def language_code(text: str) -> str:
    """The ISO 639-1 code of a language by name, code or locale (`es-US`); empty where it is not known or not said."""
    words = text.casefold().replace("_", "-").replace("(", " ").split()
    if not words:
        return ""
    head = words[0].split("-")[0].strip(",;")
    return head if head in _CODES else _BY_WORD.get(head, "")
