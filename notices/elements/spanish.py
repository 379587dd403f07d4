"""The elements of a letter in Spanish. The title and headings of California stand in English above their translation.

Names, numbers and addresses of agencies are found by the same means as in English; words and dates by those here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements import california, forbidden, illinois
from notices.elements.contacts import EMAIL, POSTAL, SITE, TOLL_FREE
from notices.elements.located import Located, found, missing
from notices.elements.prose import Prose, Span
from notices.facts import discovery_days

_MONTHS: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_DATE: Final = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:º|°)?\s+de\s+(?P<month>{'|'.join(_MONTHS)}|setiembre)(?:\s+del?\s+|\s+)(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_EVENT: Final = re.compile(
    r"\b(?:sin\s+(?:autorización|permiso)|no\s+(?:estaba\s+)?autorizad\w+|no\s+tenía\s+permiso|rob(?:ó|aron|ado|ada)|robo(?!\s+de\s+identidad)|"
    r"perdi(?:ó|mos|do|da)|extravi\w+|entr(?:ó|aron)\s+(?:en|a)|inici(?:ó|aron)\s+sesión|ingres(?:ó|aron)|"
    r"accedi(?:ó|eron)|obtuv\w+|copi(?:ó|aron|ado)|descarg(?:ó|aron)|expuest\w+|public(?:ó|amos|aron)|"
    r"por\s+error|equivocad\w+|ataque|ciberataque|virus|programa\s+malicioso|intrus\w+|página\s+(?:web\s+)?falsa|"
    r"suplant\w+|phishing)",
    re.IGNORECASE,
)
_BREACH: Final = re.compile(
    r"\b(?:filtración|incidente|acceso|intrusión|robo|pérdida|ataque|ocurri\w+|sucedi\w+|pasó|tuvo\s+lugar)\b",
    re.IGNORECASE,
)
_DISCOVERED: Final = re.compile(
    r"\b(?:descubri\w+|supimos|nos\s+enteramos|nos\s+dimos\s+cuenta|detect(?:amos|ó)|notamos|nos\s+avisaron)",
    re.IGNORECASE,
)
_ADVISING: Final = re.compile(
    r"^(?:por\s+favor,?\s+)?(?:revise|pida|solicite|cambie|tenga\s+cuidado|llame|ponga|vigile|esté\s+atent\w|mire|"
    r"consulte|denuncie|no\s+(?:(?:les?|se|lo|la|nos)\s+)?(?:dé|comparta|responda|use|abra))|\b(?:puede|debe|le\s+recomendamos|le\s+sugerimos)\s+"
    r"(?:que\s+)?(?:revis|ped|solicit|cambi|llam|pon|vigil|consult|denunci)\w+",
    re.IGNORECASE,
)
_PROTECTIVE: Final = re.compile(
    r"\b(?:estados?\s+de\s+cuenta|informes?\s+de\s+crédito|crédito|contraseñas?|tarjetas?|cargos?|facturas?|"
    r"alertas?\s+de\s+fraude|congelamiento|datos\s+personales|cuentas?)\b",
    re.IGNORECASE,
)
_WE_DO: Final = re.compile(
    r"\b(?:hemos|estamos)\s+\w+|\b(?:cerr|contrat|cambi|bloque|avis|notific|reforz|capacit|investig|revis|denunci|elimin|"
    r"restaur|instal|mejor|entren|refuerz|añad|implement)(?:amos|imos)\b|\bpedimos\b|\bpusimos\b|\bahora\s+pedimos\b",
    re.IGNORECASE,
)
_KNOWING: Final = re.compile(
    r"\b(?:lamentamos|sentimos|le\s+escribimos|le\s+informamos|le\s+notificamos)\b", re.IGNORECASE
)
_ASKING: Final = re.compile(
    r"\b(?:comuníquese|llámenos|llame|escríbanos|escriba|visite|preguntas|correo|sitio\s+web)\b", re.IGNORECASE
)
_AGENCIES: Final = re.compile(
    r"equifax|experian|transunion|federal\s+trade|ftc\.gov|identitytheft|annualcreditreport|877-322-8228", re.IGNORECASE
)
_WHO: Final = re.compile(r"\b(?:la\s+obtuvo|fue\s+obtenida\s+por|no\s+sabemos\s+quién)\b", re.IGNORECASE)
_TERMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": r"\bnombres?\b",
        "ssn": r"\bseguro\s+social\b",
        "drivers_license": r"\blicencias?\s+de\s+(?:conducir|manejar)",
        "state_id": r"\bidentificación\s+(?:estatal|del\s+estado)|\btarjetas?\s+de\s+identificación",
        "tax_id": r"\bidentificación\s+(?:fiscal|de\s+contribuyente)|\bITIN\b",
        "passport": r"\bpasaporte",
        "military_id": r"\bidentificación\s+militar",
        "other_government_id": r"\bidentificación\s+del\s+gobierno",
        "financial_account": r"\bcuentas?\s+(?:bancarias?|financieras?|de\s+banco)",
        "payment_card": r"\btarjetas?\s+de\s+(?:pago|crédito|débito)",
        "payment_card_with_code": r"\btarjetas?\s+de\s+(?:pago|crédito|débito)",
        "financial_account_with_code": r"\bcuentas?\s+(?:bancarias?|financieras?)",
        "online_credentials": r"\bcontraseñas?\b|\brespuestas?\s+de\s+seguridad",
        "email_credentials_issued_by_us": r"\bcontraseñas?\b",
        "password": r"\bcontraseñas?\b",
        "date_of_birth": r"\bfechas?\s+de\s+nacimiento",
        "address": r"\bdirección\s+(?:postal|de\s+(?:su\s+)?casa)|\bdomicilio|\bdirección(?!\s+de\s+correo)",
        "email": r"\bcorreos?\s+electrónicos?",
        "phone": r"\bteléfonos?\b",
        "medical_information": r"\bmédic\w+|\bsalud\b|\btratamientos?\b|\bdiagnóstico",
        "photos": r"\bfotos?\b|\bfotografías?|\bimágenes",
        "health_insurance": r"\bseguro\s+(?:de\s+salud|médico)|\bplan\s+de\s+salud",
        "biometric": r"\bbiométric|\bhuellas?\s+digital",
        "genetic": r"\bgenétic|\bADN\b",
        "license_plate_reader": r"\bplacas\b",
        "precise_location": r"\bubicación",
        "mothers_maiden_name": r"\bapellido\s+de\s+soltera",
        "digital_signature": r"\bfirma",
        "employment": r"\bempleo\b|\btrabajo\b|\bnómina\b",
    }
)
_KINDS: Final = {element: re.compile(pattern, re.IGNORECASE) for element, pattern in _TERMS.items()}
_ALERT: Final = re.compile(r"\balertas?\s+de\s+fraude", re.IGNORECASE)
_FREEZE: Final = re.compile(r"\bcongelamientos?\s+de\s+(?:seguridad|crédito)", re.IGNORECASE)
_SOURCES: Final = re.compile(r"\binformación\b", re.IGNORECASE)
_CHANGE: Final = re.compile(r"\bcambie\b[^.]*\bcontraseña", re.IGNORECASE)
_QUESTION: Final = re.compile(r"\b(?:pregunta|respuesta)s?\b[^.]*\bseguridad", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"\b(?:demás|otras|todas)\b[^.]*\bcuentas?\b", re.IGNORECASE)
_HELD: Final = re.compile(r"\b(?:autoridades|policía|FBI|fiscal\w*|agencias?\s+del\s+orden)\b", re.IGNORECASE)
_WAITED: Final = re.compile(r"\b(?:esper\w+|demor\w+|retras\w+|aplaz\w+)", re.IGNORECASE)
_SERVICE: Final = re.compile(
    r"\bprotección\s+contra\s+el\s+robo\s+de\s+identidad|\b(?:monitoreo|vigilancia)\s+de\s+crédito", re.IGNORECASE
)
_FREE: Final = re.compile(r"\b(?:sin\s+(?:ningún\s+)?costo|gratis|gratuit\w+)", re.IGNORECASE)
_MONTHS_OF: Final = re.compile(r"\b(?P<number>\d{1,3})\s+(?P<unit>meses|mes|años?)\b", re.IGNORECASE)
_ENROLL: Final = re.compile(r"\b(?:inscrib\w+|inscríb\w+|regístr\w+|activ\w+)", re.IGNORECASE)
_RESIDENTS: Final = re.compile(
    r"\b(?P<n>\d[\d,.]*)\s+(?:residentes|personas|pacientes|clientes|individuos|habitantes)\s+(?:de|en)\s+Illinois\b|"
    r"\b(?P<m>\d[\d,.]*)\s+(?:residentes|personas|pacientes|clientes)\b",
    re.IGNORECASE,
)
_SERVICE_REACH: Final = 900


def _first(prose: Prose, *wanted: re.Pattern[str], never: re.Pattern[str] | None = None) -> Span | None:
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if all(pattern.search(text) for pattern in wanted) and not (never and never.search(text)):
            return sentence
    return None


def _located(span: Span | None, why: str) -> Located:
    return found(span) if span is not None else missing(why)


def days_in(text: str) -> Iterator[date]:
    """The dates in a Spanish text: 3 de octubre de 2026. A day that does not exist is none."""
    for match in _DATE.finditer(text):
        month = match.group("month").lower().replace("setiembre", "septiembre")
        try:
            yield date(int(match.group("year")), _MONTHS.index(month) + 1, int(match.group("day")))
        except ValueError:
            continue


def _dated(
    prose: Prose, about: re.Pattern[str], never: re.Pattern[str] | None, known: list[date], what: str
) -> Located:
    """A sentence about something with one of the known days; one with other days contradicts."""
    other = None
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if not about.search(text) or (never and never.search(text)):
            continue
        told = list(days_in(text))
        if told and (not known or set(told) & set(known)):
            return found(sentence, "" if known else "the facts do not give this date")
        other = other or (sentence if told else None)
    if other is not None:
        said = ", ".join(day.isoformat() for day in known)
        why = f"the text gives another day of {what} than the facts, which say {said}"
        return Located(span=other, why=why, contradicts=True)
    return missing(f"no date is given as a day of {what}")


def description(prose: Prose, facts: BreachFacts) -> Located:
    """What happened. That there was "una filtración" does not say what."""
    del facts
    never = re.compile(f"{_ADVISING.pattern}|{_WE_DO.pattern}", re.IGNORECASE)
    return _located(_first(prose, _EVENT, never=never), "no sentence says what happened")


def date_of_breach(prose: Prose, facts: BreachFacts) -> Located:
    """The date or dates of the breach."""
    known = [day for day in (facts.incident.occurred_from, facts.incident.occurred_to) if day is not None]
    return _dated(prose, _BREACH, _DISCOVERED, known, "the breach")


def date_of_discovery(prose: Prose, facts: BreachFacts) -> Located:
    """The date of discovery."""
    return _dated(prose, _DISCOVERED, None, discovery_days(facts), "discovery")


def information_involved(prose: Prose, facts: BreachFacts) -> Located:
    """Each kind of information, by name, under its heading."""
    area = _under_information(prose)
    wanted = [element for element in facts.incident.data_elements or () if element in _KINDS]
    spans = {element: next(prose.find(_KINDS[element], area), None) for element in wanted or _KINDS}
    named = [span for span in spans.values() if span is not None]
    unnamed = [element for element, span in spans.items() if span is None]
    if (wanted and unnamed) or not named:
        return missing(f"not named as involved: {', '.join(unnamed)}")
    return found(Span(min(span.start for span in named), max(span.end for span in named)))


def _under_information(prose: Prose) -> Span:
    heads = [next(prose.find(re.compile(rf"^{words}", re.MULTILINE)), None) for words in california.HEADINGS.values()]
    start, end = heads[1], heads[2]
    if start is None or end is None or end.start < start.end:
        return Span(0, len(prose.plain))
    return Span(start.end, end.start)


def protective_steps(prose: Prose, facts: BreachFacts) -> Located:
    """Steps that people should take."""
    del facts
    return _located(_first(prose, _ADVISING, _PROTECTIVE), "no sentence tells the reader which step to take")


def entity_actions(prose: Prose, facts: BreachFacts) -> Located:
    """What the organization is doing."""
    del facts
    never = _KNOWING
    return _located(_first(prose, _WE_DO, never=never), "no sentence says what the organization is doing")


def _contacts(prose: Prose) -> list[Span]:
    return [
        span
        for sentence in prose.sentences
        if _ASKING.search(prose.of(sentence)) and not _AGENCIES.search(prose.of(sentence))
        for pattern in (TOLL_FREE, EMAIL, SITE, POSTAL)
        for span in prose.find(pattern, sentence)
    ]


def contact(prose: Prose, facts: BreachFacts) -> Located:
    """A toll-free number, an email address, a web site, or a postal address of the organization."""
    del facts
    contacts = _contacts(prose)
    return _located(contacts[0] if contacts else None, "no way to reach the organization is given")


def entity_contact(prose: Prose, facts: BreachFacts) -> Located:
    """Name and contact information of the organization."""
    name = facts.organization.name
    if name is not None and not re.search(r"\s+".join(map(re.escape, name.split())), prose.plain, re.IGNORECASE):
        return missing(f"the name {name!r} does not stand in the text")
    return contact(prose, facts)


def notice_date(prose: Prose, facts: BreachFacts) -> Located:
    """The date of the notice: on a line of its own, or after "Fecha:"."""
    del facts
    for line in prose.lines:
        rest = re.sub(r"^\s*fecha(?:\s+del?\s+(?:este\s+)?(?:aviso|carta))?\s*:\s*", "", prose.of(line), flags=re.I)
        if _DATE.fullmatch(rest.strip()) and next(days_in(rest), None) is not None:
            return found(line)
    return missing("the notice carries no date")


def third_parties(prose: Prose, facts: BreachFacts) -> Located:
    """Who acquired the information, or that it is not known."""
    del facts
    return _located(_first(prose, _WHO), "no sentence says who acquired the information, or that it is not known")


def fraud_alert_statement(prose: Prose, facts: BreachFacts) -> Located:
    """That these sources give information about fraud alerts and security freezes."""
    del facts
    span = _first(prose, _ALERT, _FREEZE, _SOURCES)
    return _located(span, "no statement that these sources give information about fraud alerts and security freezes")


def credentials_direction(prose: Prose, facts: BreachFacts) -> Located:
    """To change the password and the security question, here and elsewhere."""
    del facts
    for index, sentence in enumerate(prose.sentences):
        if _CHANGE.search(prose.of(sentence)):
            last = prose.sentences[min(index + 2, len(prose.sentences) - 1)]
            area = Span(sentence.start, last.end)
            if _QUESTION.search(prose.of(area)) and _ELSEWHERE.search(prose.of(area)):
                return found(area)
    return missing("no direction to change the user name, password and security question, here and elsewhere")


def law_enforcement_delay(prose: Prose, facts: BreachFacts) -> Located:
    """That notice was delayed for law enforcement."""
    del facts
    return _located(_first(prose, _HELD, _WAITED), "nothing is said of a delay for law enforcement")


def identity_services(prose: Prose, facts: BreachFacts) -> Located:
    """Services against identity theft, free, for at least 12 months, with how to enroll."""
    del facts
    for span in prose.find(_SERVICE):
        text = prose.plain[max(0, span.start - 250) : span.end + _SERVICE_REACH]
        months = max(
            (int(each["number"]) * (12 if each["unit"].lower().startswith("año") else 1)
             for each in _MONTHS_OF.finditer(text)),
            default=0,
        )  # fmt: skip
        if months >= 12 and _FREE.search(text) and _ENROLL.search(text):
            return found(span)
    return missing("no services are offered free for at least 12 months with how to enroll")


def resident_counts(prose: Prose, facts: BreachFacts) -> Iterator[Span]:
    """The number of Illinois residents, in figures, in Spanish words around it or in English ones."""
    recorded = (facts.affected.by_state or {}).get("IL")
    seen = list(forbidden.resident_counts(prose, facts))
    for match in _RESIDENTS.finditer(prose.plain):
        number = int(re.sub(r"\D", "", match.group("n") or match.group("m")))
        if match.group("n") or (isinstance(recorded, int) and number == recorded > 1):
            seen.append(Span(match.start(), match.end()))
    yield from sorted(set(seen))


LOCATORS: Final[Mapping[str, Callable[[Prose, BreachFacts], Located]]] = MappingProxyType(
    {
        **{f"{law}.description": description for law in ("hipaa", "ca", "ftc")},
        "hipaa.date_of_breach": date_of_breach,
        "ftc.date_of_breach": date_of_breach,
        "ca.breach_date": date_of_breach,
        "hipaa.date_of_discovery": date_of_discovery,
        "ftc.date_of_discovery": date_of_discovery,
        "hipaa.phi_types": information_involved,
        "ftc.types": information_involved,
        "ca.pi_types": information_involved,
        "hipaa.protective_steps": protective_steps,
        "ftc.steps": protective_steps,
        "hipaa.entity_actions": entity_actions,
        "ftc.actions": entity_actions,
        "hipaa.contact": contact,
        "ftc.contact": contact,
        "ftc.third_parties": third_parties,
        "il.cra_contacts": illinois.bureau_contacts,
        "ca.cra_contacts": illinois.bureau_contacts,
        "il.ftc_contact": illinois.ftc_contact,
        "il.fraud_alert_statement": fraud_alert_statement,
        "il.credentials_direction": credentials_direction,
        "ca.title": california.title,
        **california.heading,
        "ca.entity_contact": entity_contact,
        "ca.notice_date": notice_date,
        "ca.law_enforcement_delay": law_enforcement_delay,
        "ca.identity_services": identity_services,
    }
)
"""How each element is found in Spanish."""
