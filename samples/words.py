"""What the people of the samples are made of: names of many origins, streets that do not exist, places that do.

The names were written down for this project and combined by chance; whoever bears one of them is not meant. Cities,
States and ZIP codes belong together, so that a letter looks right; the streets are invented.
"""

from typing import Final

import msgspec


class Origin(msgspec.Struct, frozen=True):
    """Names that go together. `weight`: how often they come. A family name may be `woman's form/man's form`."""

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    language: str = ""


def _origin(weight: int, women: str, men: str, families: str, language: str = "") -> Origin:
    return Origin(weight, tuple(women.split()), tuple(men.split()), tuple(families.split("; ")), language)


ORIGINS: Final = (
    _origin(
        26,
        "Abigail Bethany Carol Deborah Eleanor Frances Grace Heather Irene Jillian Kathleen Lorraine Meredith Nora "
        "Paige Rosalind Shannon Tabitha Vivian Wendy",
        "Adrian Bradley Clifford Douglas Everett Franklin Gordon Harold Isaac Jerome Kenneth Leonard Mitchell Nathan "
        "Oliver Preston Russell Stuart Theodore Warren",
        "Aldercroft; Barlow; Chesney; Dunmore; Ellsworth; Farnham; Garrick; Hadley; Inglewood; Jessop; Kirkland; "
        "Lockridge; Mayhew; Norwood; Oakes; Pemberton; Radcliffe; Stanhope; Thornbury; Underhill; Waverly; Yardley",
    ),
    _origin(
        12,
        "Aaliyah Brielle Deja Imani Jada Keisha Latoya Monique Nia Shanice Tamika Yolanda",
        "Andre Darnell Isaiah Jamal Keyshawn Lamar Marquis Percy Reggie Terrence Tyrell Xavier",
        "Banks; Booker; Cobb; Dorsey; Gaines; Hollis; Jeffries; Lacey; Mayfield; Pettway; Rollins; Tolliver; Vance",
    ),
    _origin(
        16,
        "Adriana Beatriz Carmen Dolores Esperanza Guadalupe Inés Lucía Marisol Noemí Pilar Rocío Sofía Ximena Yesenia",
        "Alejandro Benito César Diego Emilio Fermín Gael Héctor Ignacio Joaquín Leandro Matías Octavio Raúl Simón",
        "Arellano; Benavídez; Cárdenas; de la Cruz; Echeverría; Fuentes; Galván; Hinojosa; Ibáñez; Jurado; Lozano; "
        "Muñoz; Núñez; Ordóñez; Peña-Rivas; Quiñones; Robledo; Sepúlveda; Treviño; Valdivia; Zúñiga",
        "Spanish",
    ),
    _origin(
        10,
        "Agnieszka Bożena Celina Danuta Elżbieta Grażyna Halina Joanna Krystyna Łucja Małgorzata Wiesława Zofia",
        "Andrzej Bogdan Czesław Grzegorz Jarosław Kazimierz Leszek Mieczysław Paweł Ryszard Stanisław Wojciech",
        "Borkowska/Borkowski; Chmielewska/Chmielewski; Dąbrowska/Dąbrowski; Głowacka/Głowacki; Jabłońska/Jabłoński; "
        "Kołodziej; Łukasik; Majchrzak; Nowicka/Nowicki; Pietrzak; Różańska/Różański; Szczęsna/Szczęsny; Ślusarczyk; "
        "Żurawska/Żurawski",
    ),
    _origin(
        7,
        "Ánh Bích Diễm Hằng Hương Kiều Lệ Mỹ Ngọc Phượng Quỳnh Thảo Tuyết Uyên Yến",
        "Bảo Cường Dũng Đức Hải Hiếu Khánh Lâm Nghĩa Phúc Quốc Sơn Thịnh Tuấn Vĩnh",
        "Bùi; Châu; Đặng; Đỗ; Hồ; Huỳnh; Lê; Lương; Ngô; Nguyễn; Phạm; Trần; Trịnh; Võ; Vũ",
        "Vietnamese",
    ),
    _origin(
        4,
        "Alžběta Blanka Dagmar Hedvika Jiřina Květa Libuše Růžena Šárka Věra Zdeňka",
        "Břetislav Ctibor Dušan František Jiří Ladislav Luboš Oldřich Řehoř Štěpán Zdeněk",
        "Bartošová/Bartoš; Čermáková/Čermák; Dvořáčková/Dvořáček; Hájková/Hájek; Jeřábková/Jeřábek; Kubíčková/Kubíček; "
        "Němečková/Němeček; Říhová/Říha; Šimůnková/Šimůnek; Žáková/Žák",
    ),
    _origin(
        5,
        "Aoife Bridget Ciara Deirdre Fionnuala Gráinne Maeve Niamh Orlaith Siobhán",
        "Aidan Brendan Cormac Declan Eoin Fergus Killian Lorcan Ronan Tadhg",
        "O'Carroll; O'Dwyer; O’Flaherty; O'Hanlon; O'Keeffe; O’Malley; MacSweeney; McEnroe; McGillicuddy; FitzGibbon",
    ),
    _origin(
        6,
        "Anjali Bhavna Deepika Gayatri Ishita Kavya Lakshmi Meenakshi Nandini Priya Rukmini Sunita",
        "Aditya Bharat Chandan Devendra Gaurav Harish Kiran Madhav Nikhil Pranav Rohan Suresh",
        "Acharya; Bhatnagar; Chaudhary; Deshpande; Gokhale; Iyengar; Jhaveri; Kulkarni; Mukherjee; Nambiar; "
        "Ramaswamy; Srinivasan; Trivedi; Venkataraman",
    ),
    _origin(
        7,
        "Ai-Ling Eun-Ji Fang Hana Hye-Jin Jia Mei Min-Seo Naoko Qing Ruo Seo-Yeon Xiu Yuki",
        "Bo Dae-Jung Guang Haruto Hyun-Woo Jian Jun Kenji Ming Sang-Ho Tao Takumi Wei Zhi",
        "Chang; Chun; Fukuda; Guo; Hayashi; Jeong; Kang; Liang; Matsuda; Nakagawa; Ouyang; Qiu; Shin; Tanabe; Zheng",
    ),
    _origin(
        5,
        "Amina Dalia Farah Hanan Jumana Layla Mariam Noor Rania Samira Yasmin Zainab",
        "Adnan Bilal Faisal Hassan Ibrahim Jamil Khalil Mahmoud Nabil Omar Rashid Yusuf",
        "Abdel-Rahman; Al-Khatib; Barakat; Darwish; El-Sayed; Farouk; Haddad; Khoury; Mansour; Nasser; Saleh; Tawfik",
    ),
    _origin(
        5,
        "Altagracia Corazon Divina Evangeline Imelda Luzviminda Marites Perlita Rosalinda Teresita",
        "Arnel Bayani Danilo Efren Isagani Jovencio Nestor Rodrigo Virgilio Wilfredo",
        "Agbayani; Bautista; Cabrera; dela Peña; Evangelista; Lacson; Macaraeg; Pangilinan; Sumulong; Villanueva",
    ),
    _origin(
        3,
        "Анна Галина Дарья Екатерина Людмила Надежда Оксана Тетяна",
        "Андрій Богдан Василь Дмитро Микола Олег Павло Тарас",
        "Бондаренко; Гончаренко; Коваленко; Лисенко; Мельник; Савченко; Ткаченко; Шевчук",
        "Ukrainian",
    ),
    _origin(
        2,
        "Αικατερίνη Βασιλική Δήμητρα Ελένη Καλλιόπη Σοφία",
        "Αθανάσιος Γεώργιος Δημήτριος Ευάγγελος Κωνσταντίνος Νικόλαος",
        "Αναγνωστοπούλου/Αναγνωστόπουλος; Γεωργίου; Καραμάνου/Καραμάνος; Οικονόμου; Σταματοπούλου/Σταματόπουλος",
        "Greek",
    ),
    _origin(
        4,
        "Adelheid Brunhilde Gisela Heidrun Käthe Lieselotte Mathilde Ottilie",
        "Bernhard Detlef Eberhard Günther Heinrich Jörg Lothar Wolfgang",
        "Böttcher; Dreßler; Fröhlich; Großmann; Hünemörder; Krämer; Lüdenscheidt; Schäfer; von der Heide; Weißgerber",
    ),
    _origin(
        3,
        "Aušra Birutė Daiva Eglė Jūratė Rūta Živilė",
        "Algirdas Darius Gintaras Kęstutis Mindaugas Saulius Žygimantas",
        "Adomaitė/Adomaitis; Butkutė/Butkus; Jankauskaitė/Jankauskas; Šimkutė/Šimkus; Žukauskaitė/Žukauskas",
    ),
)

LONG_NAMES: Final = (
    ("María de los Ángeles Guadalupe", "Fernández de Córdoba y Villavicencio-Montenegro"),
    ("Venkata Satyanarayana Lakshminarasimha", "Kolipakam-Ramachandrasekharan"),
    ("Anastasia-Konstantina", "Papadiamantopoulou-Hatzigeorgiou"),
    ("Maximiliana Theodora Wilhelmine", "Schleierhagen von und zu Lüdenscheidt"),
    ("Công Tằng Tôn Nữ Phương", "Nguyễn-Phúc"),
    ("Y", "Ng"),
)
"""Names at both ends of the length that a form, an envelope and a greeting have to bear."""

SUFFIXES: Final = ("Jr.", "Sr.", "II", "III", "IV")

STREETS: Final = (
    "Applewren",
    "Bellwhistle",
    "Candlemoss",
    "Dappledown",
    "Emberfield",
    "Fernwhistle",
    "Goldenreed",
    "Hollowfinch",
    "Inkberry",
    "Jaybramble",
    "Kestrelmoor",
    "Larkhollow",
    "Mothwing",
    "Nettlebrook",
    "Ottersedge",
    "Pebblewick",
    "Quailfern",
    "Rushlantern",
    "Saltthistle",
    "Teaselbrook",
    "Umberleaf",
    "Vetchling",
    "Willowspar",
    "Yarrowgate",
    "Zephyrbend",
)
ROADS: Final = ("Ave", "St", "Ct", "Dr", "Ln", "Pl", "Rd", "Ter", "Blvd", "Way")
UNITS: Final = ("Apt {}", "Unit {}", "#{}", "Fl {}", "Ste {}")


class Place(msgspec.Struct, frozen=True):
    """A city with a ZIP code of its own and the area code of its telephones."""

    city: str
    state: str
    zip: str
    area: str


def _places(state: str, area: str, text: str) -> tuple[Place, ...]:
    found = []
    for entry in text.split("; "):
        city, *codes = entry.rsplit(": ", 1)[0], *entry.rsplit(": ", 1)[1].split()
        found += [Place(city, state, code, area) for code in codes]
    return tuple(found)


CHICAGO: Final = _places(
    "IL",
    "312",
    "Chicago: 60601 60605 60607 60608 60610 60611 60613 60614 60616 60618 60622 60625 60626 60629 60630 60632 60634 "
    "60639 60640 60641 60642 60647 60651 60657 60659 60660",
)
ILLINOIS: Final = (
    *_places(
        "IL",
        "708",
        "Oak Park: 60302 60304; Evanston: 60201 60202; Skokie: 60076 60077; Cicero: 60804; Berwyn: 60402; "
        "Oak Lawn: 60453; Orland Park: 60462; Tinley Park: 60477; Park Ridge: 60068; Niles: 60714; Wilmette: 60091",
    ),
    *_places(
        "IL",
        "630",
        "Naperville: 60540 60563; Aurora: 60505 60506; Schaumburg: 60193 60194; Elgin: 60120 60123; Wheaton: 60187; "
        "Lombard: 60148; Elmhurst: 60126; Downers Grove: 60515; Bolingbrook: 60440; Joliet: 60435",
    ),
    *_places("IL", "217", "Springfield: 62704; Champaign: 61820; Rockford: 61107; Peoria: 61602"),
)
INDIANA: Final = _places(
    "IN",
    "219",
    "Hammond: 46320 46324; Munster: 46321; Highland: 46322; Schererville: 46375; Crown Point: 46307; "
    "Merrillville: 46410; Valparaiso: 46383; Gary: 46408; East Chicago: 46312; Michigan City: 46360",
)
WISCONSIN: Final = _places(
    "WI",
    "262",
    "Kenosha: 53140 53142; Racine: 53402 53403; Milwaukee: 53202 53207; Pleasant Prairie: 53158; Madison: 53703; "
    "Lake Geneva: 53147; Waukesha: 53186; Burlington: 53105",
)
LOS_ANGELES: Final = _places(
    "CA",
    "213",
    "Los Angeles: 90004 90012 90019 90026 90027 90034 90042 90045 90065; Santa Monica: 90401 90404; "
    "Glendale: 91203 91205; Burbank: 91502; Pasadena: 91101 91104; Long Beach: 90802 90803; Torrance: 90501; "
    "Inglewood: 90301; Culver City: 90230; West Hollywood: 90069; Northridge: 91324; Van Nuys: 91401; "
    "Alhambra: 91801; Monterey Park: 91754",
)
CALIFORNIA: Final = _places(
    "CA",
    "415",
    "San Francisco: 94110 94117; Oakland: 94610; San Jose: 95112; Sacramento: 95814; San Diego: 92103 92116; "
    "Irvine: 92612; Anaheim: 92805; Garden Grove: 92840; Westminster: 92683; Santa Ana: 92701; Riverside: 92501; "
    "Fresno: 93721; Bakersfield: 93301",
)
ELSEWHERE: Final[dict[str, tuple[Place, ...]]] = {
    "AZ": _places("AZ", "602", "Phoenix: 85004 85016; Scottsdale: 85251; Tucson: 85701"),
    "CO": _places("CO", "303", "Denver: 80203; Boulder: 80302"),
    "CT": _places("CT", "203", "Stamford: 06902"),
    "FL": _places("FL", "305", "Miami: 33130; Naples: 34102; Orlando: 32801; Sarasota: 34236"),
    "GA": _places("GA", "404", "Atlanta: 30308"),
    "HI": _places("HI", "808", "Honolulu: 96814"),
    "IL": CHICAGO,
    "MA": _places("MA", "617", "Cambridge: 02139; Boston: 02116"),
    "MI": _places("MI", "269", "New Buffalo: 49117; Saint Joseph: 49085; Kalamazoo: 49007"),
    "NJ": _places("NJ", "201", "Jersey City: 07302; Hoboken: 07030; Montclair: 07042"),
    "NV": _places("NV", "702", "Las Vegas: 89101 89117; Henderson: 89014; Reno: 89501"),
    "NY": _places("NY", "212", "New York: 10025; Brooklyn: 11215"),
    "OR": _places("OR", "503", "Portland: 97205 97214"),
    "PR": _places("PR", "787", "San Juan: 00907"),
    "TX": _places("TX", "512", "Austin: 78704; Dallas: 75204; Houston: 77002"),
    "UT": _places("UT", "801", "Salt Lake City: 84101"),
    "WA": _places("WA", "206", "Seattle: 98101 98115; Tacoma: 98402"),
}
