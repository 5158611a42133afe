-- Question: how late are the events that came too late to count?
-- One row is: a rollout, a stream and a class of lateness.
-- Columns
--   rollout_id                       empty where no rollout is known
--   stream_name                      exposures or outcomes
--   lateness                         class: under 1 h, 1 h to 6 h, 6 h to 24 h, over 24 h
--   late_events                      events (count)
--   worst_minutes                    the latest of them, minutes behind the frontier
SELECT rollout_id, stream_name, lateness, COUNT(*) AS late_events,
    MAX(lateness_ms) / 60000.0 AS worst_minutes
FROM (
  SELECT rollout_id, stream_name, lateness_ms,
      CASE
        WHEN lateness_ms < 3600000 THEN 'under 1 h'
        WHEN lateness_ms < 21600000 THEN '1 h to 6 h'
        WHEN lateness_ms < 86400000 THEN '6 h to 24 h'
        ELSE 'over 24 h'
      END AS lateness
  FROM late_events
)
GROUP BY rollout_id, stream_name, lateness
ORDER BY rollout_id, stream_name, worst_minutes
