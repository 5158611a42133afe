-- Question: what does history expect of a metric at each hour of the week?
-- One row is: a series (a metric's definition or an outcome, and how its units entered) and an hour of the week, over every unit, from the newest run that had the series.
-- A series that newer runs were not asked for stays: valid_from tells its age. One of a flag goes once a newer run has the metric and the flag under another key.
-- Columns
--   metric
--   entry                            how the units entered, so of which flag's exposures; empty for an outcome
--   metric_key                       tells definitions of one name apart: hash of definition and entry; outcome:NAME for an outcome
--   day_of_week                      1 Monday to 7 Sunday
--   hour_of_day                      0 to 23, in the time zone of the baseline (UTC unless configured)
--   expected                         expected value, in the metric's own unit
--   expected_lower, expected_upper   95 % predictive interval
--   observations                     hours (count) behind it
--   provisional                      history too short to raise an alarm
--   valid_from                       end of the history behind it
WITH runs AS (
  SELECT metric_key, metric, run_id, revision, valid_from,
      MAX(CASE WHEN hour_of_week = -1 THEN COALESCE(REGEXP_EXTRACT(details, '"entry": "([^"]*)"', 1), '') ELSE '' END) AS entry
  FROM baselines
  WHERE dimension = 'all'
  GROUP BY metric_key, metric, run_id, revision, valid_from
), newest AS (
  SELECT r.*, ROW_NUMBER() OVER (
      PARTITION BY metric_key, metric ORDER BY revision DESC, valid_from DESC, run_id DESC) AS place
  FROM runs r
), latest AS (
  SELECT metric, entry, MAX(revision) AS revision
  FROM runs
  GROUP BY metric, entry
)
SELECT n.metric, n.entry, n.metric_key, CAST((b.hour_of_week - MOD(b.hour_of_week, 24)) / 24 + 1 AS INT) AS day_of_week,
    MOD(b.hour_of_week, 24) AS hour_of_day,
    b.expected, b.expected_lower, b.expected_upper, b.observations, b.provisional, n.valid_from
FROM newest n
JOIN latest l ON l.metric = n.metric AND l.entry = n.entry
JOIN baselines b ON b.metric_key = n.metric_key AND b.metric = n.metric AND b.run_id = n.run_id AND b.revision = n.revision
WHERE n.place = 1 AND (n.revision = l.revision OR n.entry NOT LIKE 'an exposure of %')
  AND b.dimension = 'all' AND b.hour_of_week >= 0
ORDER BY n.metric, n.entry, n.metric_key, b.hour_of_week;
