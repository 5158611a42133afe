-- Question: which hours brought more or fewer outcomes than history expects?
-- One row is: an hour and an outcome outside its usual range, over every unit.
-- Columns
--   hour_start (UTC), outcome_name
--   observed                         outcomes (count) in the hour, duplicates included
--   expected, expected_lower, expected_upper   what history expects of that hour of the week
--   reading                          'more' or 'fewer'
WITH newest AS (
  SELECT *, COALESCE(JSON_VALUE(details, '$.time_zone'), 'UTC') AS zone,
      ROW_NUMBER() OVER (
      PARTITION BY metric_key, hour_of_week ORDER BY revision DESC, valid_from DESC) AS place
  FROM baselines
  WHERE dimension = 'all' AND hour_of_week >= 0 AND NOT provisional
), hours AS (
  SELECT hour_start, outcome_name, SUM(outcome_count) AS observed
  FROM metric_hourly
  WHERE dimension = 'all'
  GROUP BY hour_start, outcome_name
), slots AS (
  SELECT h.hour_start, z.zone,
      MOD(72 + TIMESTAMPDIFF(HOUR, TIMESTAMP '1970-01-01 00:00:00',
          TO_TIMESTAMP(CONVERT_TZ(
              DATE_FORMAT(
                  TIMESTAMPADD(HOUR, TIMESTAMPDIFF(HOUR, TO_TIMESTAMP_LTZ(0, 3), h.hour_start),
                      TIMESTAMP '1970-01-01 00:00:00'),
                  'yyyy-MM-dd HH:mm:ss'),
              'UTC', z.zone))), 168) AS hour_of_week
  FROM (SELECT DISTINCT hour_start FROM hours) h
  CROSS JOIN (SELECT DISTINCT zone FROM newest) z
)
SELECT h.hour_start, h.outcome_name, h.observed, b.expected, b.expected_lower, b.expected_upper,
    CASE WHEN h.observed > b.expected_upper THEN 'more' ELSE 'fewer' END AS reading
FROM hours h
JOIN slots s ON s.hour_start = h.hour_start
JOIN newest b
    ON b.metric_key = CONCAT('outcome:', h.outcome_name) AND b.place = 1
    AND b.zone = s.zone AND b.hour_of_week = s.hour_of_week
WHERE h.hour_start >= b.valid_from
  AND (h.observed < b.expected_lower OR h.observed > b.expected_upper)
ORDER BY h.outcome_name, h.hour_start;
