-- Question: did everything arrive, and how much of it twice?
-- One row is: a partition of an input topic.
-- Columns
--   topic, topic_partition
--   rows_in_table                    records (count) in the table, duplicates included
--   first_offset, last_offset        offsets of the first and the last of them
--   in_no_table                      offsets (count) between these that no row has: dead letters
--   distinct_events                  different event ids (count)
--   duplicates                       rows less distinct events
--   first_event, last_event          event times (UTC)
WITH inputs AS (
  SELECT _topic, _topic_partition, _offset, event_id, event_time FROM exposures
  UNION ALL
  SELECT _topic, _topic_partition, _offset, event_id, event_time FROM outcomes
)
SELECT _topic AS topic, _topic_partition AS topic_partition,
    COUNT(*) AS rows_in_table,
    MIN(_offset) AS first_offset, MAX(_offset) AS last_offset,
    MAX(_offset) - MIN(_offset) + 1 - COUNT(DISTINCT _offset) AS in_no_table,
    COUNT(DISTINCT event_id) AS distinct_events,
    COUNT(*) - COUNT(DISTINCT event_id) AS duplicates,
    MIN(event_time) AS first_event, MAX(event_time) AS last_event
FROM inputs
GROUP BY _topic, _topic_partition
ORDER BY topic, topic_partition;
