package io.tidegate.connector;

import java.io.Serializable;

/**
 * How tables are looked after.
 *
 * @param keepSnapshotsMs a snapshot younger than this is kept, for readers and restores
 * @param keepResultsMs a snapshot that a result names is kept until it is this old
 * @param minFiles a day with fewer small files is left as it is
 */
public record MaintainConfig(long keepSnapshotsMs, long keepResultsMs, int minFiles)
    implements Serializable {}
