-- Question: what does history expect of a metric at each hour of the week?
-- One row is: a metric or outcome, how its units entered and an hour of the week, over every unit, from the newest history.
-- Columns
--   metric
--   entry                            how the units entered, so of which flag's exposures; empty for an outcome
--   day_of_week                      1 Monday to 7 Sunday
--   hour_of_day                      0 to 23, in the time zone of the baseline (UTC unless configured)
--   expected                         expected value, in the metric's own unit
--   expected_lower, expected_upper   95 % predictive interval
--   observations                     hours (count) behind it
--   provisional                      history too short to raise an alarm
WITH entries AS (
  SELECT metric_key, run_id, MAX(COALESCE(REGEXP_EXTRACT(details, '"entry": "([^"]*)"', 1), '')) AS entry
  FROM baselines
  WHERE dimension = 'all' AND hour_of_week = -1
  GROUP BY metric_key, run_id
), hours AS (
  SELECT b.*, COALESCE(w.entry, '') AS entry
  FROM baselines b
  LEFT JOIN entries w ON w.metric_key = b.metric_key AND w.run_id = b.run_id
  WHERE b.dimension = 'all' AND b.hour_of_week >= 0
), newest AS (
  SELECT h.*, ROW_NUMBER() OVER (
      PARTITION BY metric_key, metric, hour_of_week ORDER BY revision DESC, valid_from DESC) AS place
  FROM hours h
), latest AS (
  SELECT metric, entry, MAX(revision) AS revision
  FROM hours
  GROUP BY metric, entry
)
SELECT n.metric, n.entry, CAST((n.hour_of_week - MOD(n.hour_of_week, 24)) / 24 + 1 AS INT) AS day_of_week,
    MOD(n.hour_of_week, 24) AS hour_of_day,
    n.expected, n.expected_lower, n.expected_upper, n.observations, n.provisional
FROM newest n
JOIN latest l ON l.metric = n.metric AND l.entry = n.entry AND l.revision = n.revision
WHERE n.place = 1
ORDER BY n.metric, n.entry, n.hour_of_week;
