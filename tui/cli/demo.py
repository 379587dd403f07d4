"""`breach demo --out DIR`: both sample incidents from discovery to letters and filings, without hands."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the documents and manifest.json; made anew if it is from an earlier demo.",
)
@click.option("--engine", default="plutoprint", show_default=True, help="PDF engine: plutoprint or pdfkit.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON instead of the story.")
def demo(out: Path, engine: str, as_json: bool) -> None:  # noqa: FBT001
    """Run both sample incidents from discovery to letters and filings.

    The samples are fictional. Exit codes: 0 done; 1 refused; 2 bad input.
    """
    from tui.cli.common import print_json, refusals  # noqa: PLC0415
    from tui.demo import run_demo  # noqa: PLC0415

    def say(line: str) -> None:
        if not as_json:
            click.echo(line)

    manifest = refusals(run_demo)(out, say, engine)
    if as_json:
        print_json(manifest)
        return
    files = sum(len(incident.files) for incident in manifest.incidents)
    letters = sum(incident.letters for incident in manifest.incidents)
    click.echo(f"{len(manifest.incidents)} incidents, {letters:,} letters, {files} files in {out}; see manifest.json")
