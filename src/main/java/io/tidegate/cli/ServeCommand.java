package io.tidegate.cli;

import io.tidegate.connector.TidegateConfig;
import io.tidegate.serve.Access;
import io.tidegate.serve.ProxyUsers;
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
      "Show rollouts live in the browser, and answer rollout tools over HTTP: plain JSON, Argo"
          + " Rollouts, Spinnaker, Flagger, Prometheus.",
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
      names = "--trust-proxy",
      paramLabel = "ADDRESS",
      split = ",",
      description =
          "IP address of a proxy that signs people in (OIDC); it says who they are by the headers"
              + " below, which are refused from anywhere else.")
  private List<String> proxies = new ArrayList<>();

  @Option(
      names = "--public-host",
      paramLabel = "NAME",
      split = ",",
      description = "Name by which people ask the proxy, as it passes it on in Host.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--user-header",
      paramLabel = "HEADER",
      defaultValue = ProxyUsers.USER_HEADER,
      description = "Who is calling (default: ${DEFAULT-VALUE}).")
  private String userHeader;

  @Option(
      names = "--groups-header",
      paramLabel = "HEADER",
      defaultValue = ProxyUsers.GROUPS_HEADER,
      description = "Their groups, separated by commas (default: ${DEFAULT-VALUE}).")
  private String groupsHeader;

  @Option(
      names = "--read-group",
      paramLabel = "GROUP",
      split = ",",
      description = "Group that may read (default: whoever the proxy lets through).")
  private List<String> readGroups = new ArrayList<>();

  @Option(
      names = "--decide-group",
      paramLabel = "GROUP",
      split = ",",
      description = "Group that may read and write events (default: none).")
  private List<String> decideGroups = new ArrayList<>();

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
    TopicServer server =
        TopicServer.start(
            TidegateConfig.load(config.file()),
            new Server.Listen(host, port, rate),
            access(),
            patience);
    Thread stop = new Thread(server::close, "stop-server");
    Runtime.getRuntime().addShutdownHook(stop);
    command.commandLine().getErr().println("tidegate serves on " + server.address());
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(stop);
      server.close();
    }
    return Tidegate.OK;
  }

  private Access access() {
    Access access = Access.tokens(readers, deciders, System.getenv());
    return proxies.isEmpty()
        ? access
        : access.behind(
            ProxyUsers.of(proxies, hosts, userHeader, groupsHeader, readGroups, decideGroups));
  }
}
