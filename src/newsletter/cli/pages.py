"""`preview` and `inbox`: pages in the browser, on loopback."""

import click

from newsletter.cli.output import note

SERVE_HELP = "The page's port; a free one if not given."


def _tell(port: int, key: str, what: str) -> None:
    click.echo(f"http://127.0.0.1:{port}/open?k={key}")
    note(f"{what}; open the link in a browser within ten minutes. Ctrl-C ends.")


@click.command()
@click.argument("issue", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=SERVE_HELP)
def preview(issue: str | None, *, port: int) -> None:
    """See issues as desktop, phone and plain text, rebuilt and shown anew as files change."""
    from newsletter.app import open_desk
    from newsletter.clock import SystemClock
    from newsletter.web.preview_service import PreviewService, Watcher
    from newsletter.web.preview_site import preview_site
    from newsletter.web.serve import listen, serve
    from newsletter.web.site import Sessions
    from newsletter.workflows.project_files import issue_name, issue_path

    watcher: Watcher | None = None
    service = PreviewService(open_desk, lambda: watcher.version if watcher else 0)
    try:
        home = "/"
        if issue is not None:
            name = issue_name(service.settings, issue)
            issue_path(service.settings, name)
            home = f"/issues/{name}"
        listener = listen(port)
        real_port = listener.getsockname()[1]
        watcher = watching = Watcher(service.look)
        watcher.start()
        sessions = Sessions(SystemClock())
        key = sessions.new_link_key()

        def stop() -> None:
            """Let nothing hold up the end: neither open streams nor a template that loops."""
            watching.stop()
            service.give_up()

        serve(
            preview_site(service, watcher, sessions=sessions, port=real_port, home=home),
            listener,
            started=lambda: _tell(real_port, key, f"preview of {issue or 'all issues'}"),
            stopping=stop,
        )
    finally:
        if watcher is not None:
            watcher.stop()
        service.close()


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=SERVE_HELP)
@click.option(
    "--smtp-port", type=click.IntRange(0, 65535), default=0, help="The SMTP server's port."
)
def inbox(*, port: int, smtp_port: int) -> None:
    """The built-in inbox: an SMTP server that keeps all mail, and a page that shows it."""
    from newsletter.app import open_desk
    from newsletter.inbox.server import InboxServer
    from newsletter.web.inbox_site import inbox_site
    from newsletter.web.preview_service import Watcher, look_at_folder
    from newsletter.web.serve import listen, serve
    from newsletter.web.site import Sessions
    from newsletter.workflows.stories.pictures import local_addresses

    with (
        open_desk(create=False) as desk,
        listen(port) as listener,
        InboxServer(desk.settings.inbox_folder, desk.clock, port=smtp_port) as server,
    ):
        settings = desk.settings
        real_port = listener.getsockname()[1]
        watcher = Watcher(lambda: look_at_folder(settings.inbox_folder))
        watcher.start()
        sessions = Sessions(desk.clock)
        key = sessions.new_link_key()
        try:
            serve(
                inbox_site(
                    settings.inbox_folder,
                    watcher,
                    media=settings.media_folder,
                    kept=lambda html: local_addresses(desk, html),
                    smtp_port=server.port,
                    has_mail_server=bool(settings.smtp),
                    zone=settings.newsletters[0].timezone,
                    sessions=sessions,
                    port=real_port,
                ),
                listener,
                started=lambda: _tell(
                    real_port, key, f"inbox; SMTP on 127.0.0.1:{server.port}, nothing is relayed"
                ),
                stopping=watcher.stop,
            )
        finally:
            watcher.stop()
