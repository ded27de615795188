"""Where the trace of a bug goes."""

import traceback
from pathlib import Path

from newsletter.cli.machine import machine_trouble


def internal_error(error: Exception) -> str:
    """Keep the trace of a bug and give the one line that names it.

    What the machine lacks is no bug, and is told in a sentence.
    """
    trouble = machine_trouble(error)
    if trouble is not None:
        return f"error: {trouble.sentence}"
    where, kept = keep_trace(error)
    return f"internal error: {type(error).__name__} ({where}); this is a bug, {kept}"


def keep_trace(error: Exception) -> tuple[str, str]:
    """Append the trace to var/newsletter.log where there is a var/.

    Returns the place of the bug (module:line) and a phrase that says where the trace is. The trace
    names code only: messages of errors may hold addresses and stay out.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "newsletter" in frame.filename] or list(frames)
    where = f"{Path(ours[-1].filename).stem}:{ours[-1].lineno}" if ours else "nowhere"
    log = Path("var") / "newsletter.log"
    if log.parent.is_dir():
        try:
            with log.open("a", encoding="utf-8") as file:
                file.write(f"internal error: {type(error).__name__}\n")
                file.writelines(traceback.format_list(frames))
        except OSError:
            return where, 'run it again with "newsletter --debug …" to see the trace'
        return where, f"the trace is in {log}"
    return where, 'run it again with "newsletter --debug …" to see the trace'
