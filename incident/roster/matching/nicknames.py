"""Forms of one given name that no comparison of letters would bring together: Bill and William.

Only common English and Spanish short forms: they raise a suggestion, they never merge anybody.
"""

_FORMS = (
    "abigail abby gail", "albert al bert", "alexander alex xander sasha", "alexandra alex sandra lexi",
    "alfred al fred alfie", "andrew andy drew", "anthony tony", "antonio tony tono", "barbara barb babs",
    "benjamin ben benny", "beverly bev", "catherine katherine kathryn kathy cathy kate katie kay kitty",
    "charles charlie chuck chas", "christina tina chris christy", "christopher chris topher kit",
    "cynthia cindy", "daniel dan danny", "david dave davey", "deborah debra deb debbie", "donald don donny",
    "dorothy dot dottie dolly", "edward ed eddie ted ned", "eleanor ellie nell nora",
    "elizabeth liz beth betty betsy eliza lizzie libby bess", "francis frank", "francisco pancho paco frank",
    "frederick fred freddy", "gabriel gabe", "gerald gerry jerry", "gregory greg", "guadalupe lupe", "harold hal harry",
    "henry hank harry", "isabella bella izzy", "jacob jake", "james jim jimmy jamie", "jennifer jen jenny",
    "jeffrey jeff", "jessica jess jessie", "john jack johnny jon", "jonathan jon", "joseph joe joey", "jose pepe",
    "joshua josh", "judith judy", "kenneth ken kenny", "lawrence larry", "leonard leo len lenny", "louis lou",
    "margaret meg maggie peg peggy marge margie greta", "maria mary", "martha marty", "matthew matt", "megan meg",
    "melissa missy mel", "michael mike mickey mick", "nancy nan", "nathaniel nathan nate nat", "nicholas nick nicky",
    "pamela pam", "patricia pat patty trish tricia", "patrick pat paddy", "peter pete", "philip phil", "raymond ray",
    "rebecca becky becca", "richard rick dick rich ricky", "robert bob rob bobby robbie bert", "ronald ron ronnie",
    "rosemary rose rosie", "samantha sam", "samuel sam sammy", "sarah sally sadie", "stephen steven steve",
    "susan sue susie suzanne", "teresa theresa terry tess", "theodore ted teddy theo", "thomas tom tommy",
    "timothy tim", "victoria vicky tori", "vincent vince", "virginia ginny", "walter walt wally",
    "william bill will billy willy liam", "zachary zach zack",
)  # fmt: skip

_ROOTS: dict[str, str] = {}
_GROUPS: dict[str, frozenset[int]] = {}
for _number, _forms in enumerate(_FORMS):
    for _form in _forms.split():
        # A short form of several names is blocked with the first of them only; comparing knows all.
        _ROOTS.setdefault(_form, _forms.split()[0])
        _GROUPS[_form] = _GROUPS.get(_form, frozenset()) | {_number}


def root_of(given: str) -> str:
    """The full form of a folded given name, or the name itself."""
    return _ROOTS.get(given, given)


def forms_of_one(one: str, other: str) -> bool:
    """Whether two folded given names are forms of one."""
    return not _GROUPS.get(one, frozenset()).isdisjoint(_GROUPS.get(other, frozenset()))
