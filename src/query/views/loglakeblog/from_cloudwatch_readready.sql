-- Session output under the names of the Log Lake article
-- One row per piece of a session's output: the table `session_log` with the article's columns, so that its
-- query runs as published.
-- logaccountid: The account that owns the log group.
-- session: What was typed and shown, as a person saw it.
select
  owner as logaccountid,
  * exclude (owner, text),
  text as "session"
from session_log
