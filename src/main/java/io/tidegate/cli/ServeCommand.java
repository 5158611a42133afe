package io.tidegate.cli;

import io.tidegate.connector.TidegateConfig;
import io.tidegate.serve.Access;
import io.tidegate.serve.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers rollout tools over HTTP until it is stopped. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Show rollouts live in the browser, and answer rollout tools over HTTP: plain JSON, Argo",
      "Rollouts, Spinnaker, Flagger, Prometheus.",
      "Reads the gate's verdicts from Kafka and keeps nothing. See docs/serve.md."
    })
final class ServeCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Mixin private ConfigOption config;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on (default: ${DEFAULT-VALUE}); any but loopback needs a token.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "" + Server.Listen.PORT,
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--token-env",
      paramLabel = "NAME",
      split = ",",
      description =
          "Environment variable with a token that may read. With any token, every caller needs"
              + " one.")
  private List<String> readers = new ArrayList<>();

  @Option(
      names = "--decide-token-env",
      paramLabel = "NAME",
      split = ",",
      description = "Environment variable with a token that may read and write events.")
  private List<String> deciders = new ArrayList<>();

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "" + Server.Listen.REQUESTS_PER_SECOND,
      description = "Requests a second that one address may make (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--stale-after",
      paramLabel = "DURATION",
      defaultValue = "PT5M",
      description =
          "How far the gate may be behind, beyond one look, before its ADVANCE is no longer passed"
              + " on (default: ${DEFAULT-VALUE}).")
  private Duration patience;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ServeCommand() {}

  @Override
  public Integer call() {
    Access access =
        readers.isEmpty() && deciders.isEmpty()
            ? Access.open()
            : Access.tokens(readers, deciders, System.getenv());
    try (TopicServer server =
        TopicServer.start(
            TidegateConfig.load(config.file()),
            new Server.Listen(host, port, rate),
            access,
            patience)) {
      command.commandLine().getErr().println("tidegate serves on " + server.address());
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Tidegate.OK;
  }
}
