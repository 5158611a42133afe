-- Question: how well does the baseline forecast?
-- One row is: an outcome in a segment ('all', '*': in all), over the hours that a baseline foretold.
-- Columns
--   outcome_name, dimension, segment
--   hours      hours compared, each with the newest baseline made before it, at most a week earlier;
--              an hour without any outcome has no row in metric_hourly and is left out
--   wape       sum of |observed - expected| over sum of observed
--   coverage   share of the hours within the 95 % interval
--   mase       mean |observed - expected| over mean |observed - the same hour a week earlier|: below 1 the
--              baseline is the better guess
WITH hours AS (
  SELECT hour_start, outcome_name, dimension, segment, CAST(SUM(outcome_count) AS DOUBLE) AS observed
  FROM metric_hourly
  GROUP BY hour_start, outcome_name, dimension, segment
), made AS (
  SELECT b.*, COALESCE(JSON_EXTRACT_SCALAR(details, '$.time_zone'), 'UTC') AS zone
  FROM baselines b
), slots AS (
  SELECT h.hour_start, z.zone,
      24 * (DAY_OF_WEEK(AT_TIMEZONE(h.hour_start, z.zone)) - 1) + HOUR(AT_TIMEZONE(h.hour_start, z.zone)) AS hour_of_week
  FROM (SELECT DISTINCT hour_start FROM metric_hourly) h
  CROSS JOIN (SELECT DISTINCT zone FROM made) z
), forecasts AS (
  SELECT h.*, b.expected, b.expected_lower, b.expected_upper,
      ROW_NUMBER() OVER (
          PARTITION BY h.outcome_name, h.dimension, h.segment, h.hour_start
          ORDER BY b.valid_from DESC, b.revision DESC) AS place
  FROM hours h
  JOIN slots s ON s.hour_start = h.hour_start
  JOIN made b
      ON b.metric_key = CONCAT('outcome:', h.outcome_name)
      AND b.dimension = h.dimension AND b.segment = h.segment
      AND b.zone = s.zone AND b.hour_of_week = s.hour_of_week
  WHERE NOT b.provisional AND b.expected IS NOT NULL
    AND h.hour_start >= b.valid_from AND h.hour_start < b.valid_from + INTERVAL '7' DAY
)
SELECT f.outcome_name, f.dimension, f.segment, COUNT(*) AS hours,
    SUM(ABS(f.observed - f.expected)) / SUM(f.observed) AS wape,
    AVG(CASE WHEN f.observed BETWEEN f.expected_lower AND f.expected_upper THEN 1.0E0 ELSE 0.0E0 END) AS coverage,
    AVG(CASE WHEN w.observed IS NOT NULL THEN ABS(f.observed - f.expected) END)
        / NULLIF(AVG(ABS(f.observed - w.observed)), 0.0E0) AS mase
FROM forecasts f
LEFT JOIN hours w
    ON w.outcome_name = f.outcome_name AND w.dimension = f.dimension AND w.segment = f.segment
    AND w.hour_start = f.hour_start - INTERVAL '7' DAY
WHERE f.place = 1
GROUP BY f.outcome_name, f.dimension, f.segment
ORDER BY f.outcome_name, f.dimension, f.segment;
