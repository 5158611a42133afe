-- Question: what does history expect of a metric at each hour of the week?
-- One row is: a metric or outcome and an hour of the week, over every unit, from the newest history.
-- Columns
--   metric
--   day_of_week                      1 Monday to 7 Sunday
--   hour_of_day                      0 to 23, in the time zone of the baseline (UTC unless configured)
--   expected                         expected value, in the metric's own unit
--   expected_lower, expected_upper   95 % predictive interval
--   observations                     hours (count) behind it
--   provisional                      history too short to raise an alarm
WITH newest AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY metric_key, metric, hour_of_week ORDER BY revision DESC, valid_from DESC) AS place
  FROM baselines
  WHERE dimension = 'all' AND hour_of_week >= 0
)
SELECT metric, CAST((hour_of_week - MOD(hour_of_week, 24)) / 24 + 1 AS INT) AS day_of_week,
    MOD(hour_of_week, 24) AS hour_of_day,
    expected, expected_lower, expected_upper, observations, provisional
FROM newest
WHERE place = 1
ORDER BY metric, hour_of_week;
