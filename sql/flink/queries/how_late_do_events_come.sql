-- Question: how late are the events that came too late to count?
-- One row is: a stream, a name and a class of lateness.
-- Columns
--   stream_name                      exposures or outcomes
--   event_name                       flag key of an exposure, name of an outcome
--   lateness                         class: under 1 h, 1 h to 6 h, 6 h to 24 h, over 24 h
--   late_events                      events (count)
--   worst_minutes                    the latest of them, minutes behind the frontier
SELECT stream_name, event_name, lateness, COUNT(*) AS late_events,
    CAST(MAX(lateness_ms) AS DOUBLE) / 60000 AS worst_minutes
FROM (
  SELECT stream_name, event_name, lateness_ms,
      CASE
        WHEN lateness_ms < 3600000 THEN 'under 1 h'
        WHEN lateness_ms < 21600000 THEN '1 h to 6 h'
        WHEN lateness_ms < 86400000 THEN '6 h to 24 h'
        ELSE 'over 24 h'
      END AS lateness
  FROM late_events
)
GROUP BY stream_name, event_name, lateness
ORDER BY stream_name, event_name, worst_minutes;
