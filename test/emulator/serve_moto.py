"""moto's server, without what it does anew for each request and no test needs: half of its time.

It looks through its own folder and two hundred patterns for the service that a host names, and writes a line of log. And a poll
ends after a second, as SQS may end it, too: a worker that is asked to end waits for its polls.
"""

import functools

from moto.moto_server import werkzeug_app
from moto.server import main
from moto.sqs.models import SQSBackend

dispatcher = werkzeug_app.DomainDispatcherApplication
dispatcher.get_backend_for_host = functools.lru_cache(dispatcher.get_backend_for_host)
werkzeug_app.MotoRequestHandler.log_request = lambda *_: None

receive = SQSBackend.receive_message


def receive_soon(self, queue_name, count, wait_seconds_timeout, *others, **named):
    return receive(self, queue_name, count, min(wait_seconds_timeout, 1), *others, **named)


SQSBackend.receive_message = receive_soon
main()
