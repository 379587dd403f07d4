"""The sample that a person reads: drawn from the list of a rendering, read from the pages that were kept."""

import io

import pikepdf
import pytest

from incident.errors import CaseUnusable
from incident.sample import SIZE, draw
from notices import production
from notices.engines import engine
from notices.errors import NoticeError
from notices.manifest import encoded, letters
from notices.production import produce_letters
from notices.sample import drawn_sample, sample_sheet
from tests.notices.interrupted_run import CONTENT, blobs_in, people
from tests.notices.samples import letter

COUNT = 80


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A rendering with its list in several parts; and the hash of its manifest."""
    blobs = blobs_in(tmp_path_factory.mktemp("kept"))
    with pytest.MonkeyPatch.context() as small:
        small.setattr(production, "UNIT_FILES", 2)
        small.setattr(production, "BATCH", 15)
        manifest = produce_letters(letter(), CONTENT, people(COUNT), engine(), blobs.put)
    assert len(manifest.segments) > 1
    return blobs, manifest, blobs.put(encoded(manifest))


@pytest.fixture(scope="module")
def sample(kept):
    blobs, _, sha256 = kept
    return drawn_sample(blobs.get, sha256)


def test_it_is_the_one_that_the_manifest_draws(kept, sample):
    blobs, manifest, sha256 = kept
    assert sample.codes == draw(sha256, ((each.code, each.variant) for _, each in letters(manifest, blobs.get)))
    assert (len(sample.sampled), sample.letters) == (SIZE, manifest.documents)
    assert sample.why.startswith(f"59 of {manifest.documents}: ")


def test_each_letter_is_read_from_its_own_pages(kept, sample):
    by_code = {row.code: row for row in people(COUNT)}
    for each in sample.sampled:
        row = by_code[each.code]
        first, *others = each.text.split("\f")
        assert f"Dear {row.salutation}:" in first
        assert row.address_lines[0] in first
        assert len(others) == each.pages - 1 == 1
        assert f"Reference {each.code} - Page 2 of 2" in others[0]
        assert not [code for code in by_code if code != each.code and code in each.text]


def test_the_sheet_has_the_pages_that_were_kept_and_no_others(kept, sample):
    blobs, _, sha256 = kept
    sheet = sample_sheet(blobs.get, sha256, sample.codes)
    assert sheet == sample_sheet(blobs.get, sha256, sample.codes), "the same bytes each time"
    with pikepdf.open(io.BytesIO(sheet)) as document:
        assert len(document.pages) == sum(each.pages for each in sample.sampled)
        assert document.check_pdf_syntax() == []


def test_a_list_that_cannot_be_read_is_told(tmp_path):
    blobs = blobs_in(tmp_path)
    with pytest.raises(NoticeError, match="manifest: it cannot be read"):
        drawn_sample(blobs.get, blobs.put(b"no manifest"))
    nobody = produce_letters(letter(), CONTENT, (row for row in people(17) if row.excluded), engine(), blobs.put)
    assert nobody.documents == 0
    with pytest.raises(NoticeError, match="there are no letters to draw from"):
        drawn_sample(blobs.get, blobs.put(encoded(nobody)))


def test_an_altered_letter_is_found_when_the_sample_is_read(kept, tmp_path):
    blobs, manifest, _ = kept
    copy = blobs_in(tmp_path)
    for sha256 in {each.sha256 for each in manifest.segments} | {
        file.sha256 for file, _ in letters(manifest, blobs.get)
    }:
        copy.put(blobs.get(sha256))
    sha256 = copy.put(encoded(manifest))
    assert drawn_sample(copy.get, sha256).letters == manifest.documents
    first = next(iter(letters(manifest, blobs.get)))[0].sha256
    path = next(path for path in tmp_path.rglob(copy._name(first)))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(CaseUnusable, match="was altered"):
        drawn_sample(copy.get, sha256)
