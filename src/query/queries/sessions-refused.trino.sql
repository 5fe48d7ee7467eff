-- sessions-refused.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  refused.started,
  refused.who,
  refused.acting_as,
  refused.instance,
  refused.errorcode,
  refused.sourceipaddress,
  COUNT(opened.eventid) AS opened_within_the_hour,
  ARBITRARY(opened.acting_as) AS opened_as,
  refused.eventid
FROM session AS refused
LEFT JOIN session AS opened
  ON opened.outcome = 'opened'
  AND opened.who = refused.who
  AND opened.started BETWEEN refused.started AND refused.started + INTERVAL '1' HOUR
WHERE
  refused.outcome = 'refused'
GROUP BY
  1,
  2,
  3,
  4,
  5,
  6,
  9
ORDER BY
  refused.started DESC
