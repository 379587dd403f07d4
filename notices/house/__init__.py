"""The organization's own templates: letterhead, signature, style, sections. Checked before they are taken in.

files = read_folder(path)             what a folder holds, its pictures made safe
house = house_of(files)               the same in the form that a letter carries
faults = trial_faults(house, law)     what a letter made with them would lack
"""

from notices.house.assemble import MANIFEST, house_of
from notices.house.folder import read_folder
from notices.house.trial import trial_faults

__all__ = ["MANIFEST", "house_of", "read_folder", "trial_faults"]
