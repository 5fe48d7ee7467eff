-- instance-hours.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  rolearn,
  resourcetype,
  instancetype,
  COUNT(*) AS jobs,
  SUM(hours) AS instance_hours
FROM (
  SELECT
    resourcearn,
    ARBITRARY(resourcetype) AS resourcetype,
    ARBITRARY(rolearn) AS rolearn,
    ARBITRARY(instancetype) AS instancetype,
    CAST(MAX(
      instancecount * DATE_DIFF('SECOND', DATE_TRUNC('SECOND', starttime), DATE_TRUNC('SECOND', endtime))
    ) AS DOUBLE) / NULLIF(3600.0, 0) AS hours
  FROM sagemaker_event
  WHERE
    NOT endtime IS NULL AND NOT starttime IS NULL AND NOT instancetype IS NULL
  GROUP BY
    resourcearn
)
GROUP BY
  rolearn,
  resourcetype,
  instancetype
ORDER BY
  instance_hours DESC
