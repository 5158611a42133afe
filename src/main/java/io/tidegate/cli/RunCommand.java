package io.tidegate.cli;

import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.ArchiveJob;
import io.tidegate.job.BaselineJob;
import io.tidegate.job.GateJob;
import io.tidegate.job.ImpactJob;
import io.tidegate.job.IncidentsJob;
import io.tidegate.job.MaintainJob;
import io.tidegate.job.ReplayJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Runs one of the jobs as it would run on a cluster. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Run a job: on the Flink cluster that the configuration names in flink.execution.target,"
          + " else in this process.",
      "What follows is passed to the job. A streaming job runs until Ctrl-C."
    })
final class RunCommand implements Callable<Integer> {

  /** The jobs that can be run. */
  enum Job {
    ARCHIVE,
    GATE,
    BASELINE,
    IMPACT,
    INCIDENTS,
    MAINTAIN,
    REPLAY
  }

  @Mixin private ConfigOption config;
  @Mixin private OutputOption output;

  @Parameters(index = "0", paramLabel = "JOB", description = "${COMPLETION-CANDIDATES}.")
  private Job job;

  @Unmatched private List<String> arguments = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    if (job != Job.MAINTAIN) {
      FlinkDefaults.requireCluster(TidegateConfig.load(config.file()).runtime());
    }
    List<String> passed = new ArrayList<>(List.of("--config", config.file().toString()));
    passed.addAll(arguments);
    String name = job.name().toLowerCase(Locale.ROOT);
    output.err().println("running job " + name + " …");
    run(job, passed.toArray(String[]::new));
    output.err().println("job " + name + " finished");
    return Tidegate.OK;
  }

  private static void run(Job job, String[] arguments) throws Exception {
    switch (job) {
      case ARCHIVE -> ArchiveJob.main(arguments);
      case GATE -> GateJob.main(arguments);
      case BASELINE -> BaselineJob.main(arguments);
      case IMPACT -> ImpactJob.main(arguments);
      case INCIDENTS -> IncidentsJob.main(arguments);
      case MAINTAIN -> MaintainJob.main(arguments);
      case REPLAY -> ReplayJob.main(arguments);
    }
  }
}
