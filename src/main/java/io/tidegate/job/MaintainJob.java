package io.tidegate.job;

import io.tidegate.codec.TableDefinition;
import io.tidegate.codec.Tables;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.NamedSnapshots;
import io.tidegate.connector.TableMaintenance;
import io.tidegate.connector.TidegateConfig;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code maintain} job: compacts and expires every table, in this process. To be run by a
 * schedule. Argument: {@code --config FILE}.
 */
public final class MaintainJob {

  static final String NAME = "maintain";

  private static final Logger LOG = LoggerFactory.getLogger(MaintainJob.class);

  private MaintainJob() {}

  public static void main(String[] args) {
    run(JobArguments.config(args), System.currentTimeMillis());
  }

  /**
   * Looks after every table once.
   *
   * @param nowMs the time by which snapshots are old, epoch milliseconds
   */
  public static List<TableMaintenance.Done> run(TidegateConfig config, long nowMs) {
    Catalogs.createMissing(config.catalog());
    NamedSnapshots named = NamedSnapshots.read(config);
    List<TableMaintenance.Done> all = new ArrayList<>();
    for (TableDefinition table : Tables.ALL) {
      TableMaintenance.Done done =
          TableMaintenance.run(config, table.name(), named.of(table.name()), nowMs);
      LOG.info("{}", done);
      all.add(done);
    }
    named.remember(config);
    return all;
  }
}
