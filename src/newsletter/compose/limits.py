"""What one render may cost."""

from dataclasses import dataclass

MAX_DEPTH = 64  # elements over the whole MJML document; MJML itself uses about 20
MAX_INLINE_DEPTH = 50  # HTML elements inside one block: lxml loses what is deeper than 255
MAX_FINDINGS = 50  # of one document; more would say the same again
MAX_REPEATS = 2_000  # of findings already told, after which nobody reads on
MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderLimits:
    """Limits of one render job; seconds are wall time unless the name says cpu.

    memory_bytes is address space on top of what the idle child has (measured: 512 MiB is some 20
    times what a 30-story issue takes). output_bytes is UTF-8 bytes, for each of MJML, HTML and
    text.
    """

    job_s: float = 10.0
    template_s: float = 5.0
    mjml_s: float = 5.0
    start_s: float = 20.0
    cpu_s: int = 10
    memory_bytes: int = 512 * MIB
    output_bytes: int = 2_000_000
    job_bytes: int = 16 * MIB
    stderr_bytes: int = 4096
