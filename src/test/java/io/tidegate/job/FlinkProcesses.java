package io.tidegate.job;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A Flink session cluster of processes of its own: a JobManager and task managers on loopback. */
final class FlinkProcesses implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Jars of a Flink distribution and of what it is built on; not what a job's jar brings. */
  private static final Pattern OF_FLINK =
      Pattern.compile(
          "(flink-(?!connector-kafka|test-).*(?<!-tests)"
              + "|(frocksdbjni|kryo|minlog|objenesis|reflectasm|javassist|snakeyaml-engine)-.*"
              + "|(log4j|slf4j-api|jsr305|snappy-java|lz4-java|zstd-jni|icu4j|async-profiler)-.*"
              + "|commons-(?!csv|exec).*)[.]jar");

  private static final String LOG =
      """
      rootLogger.level = WARN
      rootLogger.appenderRef.out.ref = Out
      appender.out.type = Console
      appender.out.name = Out
      appender.out.layout.type = PatternLayout
      appender.out.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1} - %m%n%ex{6}
      """;

  private final Path folder;
  private final int restPort;
  private final int rpcPort;
  private final Process jobManager;
  private final List<Process> taskManagers = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  /** Starts the JobManager and waits until it answers. */
  FlinkProcesses(Path folder) throws IOException {
    this.folder = folder;
    this.restPort = freePort();
    this.rpcPort = freePort();
    Path conf = Files.createDirectories(folder.resolve("jobmanager"));
    Map<String, String> settings = common();
    settings.put("jobmanager.memory.heap.size", "256m");
    settings.put("jobmanager.memory.off-heap.size", "64m");
    settings.put("jobmanager.memory.jvm-metaspace.size", "256m");
    settings.put("jobmanager.memory.jvm-overhead.min", "64m");
    settings.put("jobmanager.memory.jvm-overhead.max", "64m");
    write(conf, settings);
    this.jobManager =
        start(
            "jobmanager",
            List.of(
                "-Xmx256m",
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                "--configDir",
                conf.toString()));
    try {
      Awaitility.await("the JobManager's answer")
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptions()
          .until(() -> get("/overview").has("taskmanagers"));
    } catch (ConditionTimeoutException e) {
      close();
      throw new AssertionError(logs(), e);
    }
  }

  /** Starts a task manager of that id. */
  Process startTaskManager(String id) throws IOException {
    Path conf = Files.createDirectories(folder.resolve(id));
    Map<String, String> settings = common();
    settings.put("taskmanager.resource-id", id);
    settings.put("taskmanager.host", "127.0.0.1");
    settings.put("taskmanager.numberOfTaskSlots", "2");
    settings.put("taskmanager.cpu.cores", "2");
    settings.put("taskmanager.memory.framework.heap.size", "64m");
    settings.put("taskmanager.memory.framework.off-heap.size", "64m");
    settings.put("taskmanager.memory.task.heap.size", "320m");
    settings.put("taskmanager.memory.task.off-heap.size", "64m");
    settings.put("taskmanager.memory.network.min", "64m");
    settings.put("taskmanager.memory.network.max", "64m");
    settings.put("taskmanager.memory.managed.size", "0m");
    settings.put("taskmanager.memory.jvm-metaspace.size", "320m");
    settings.put("taskmanager.memory.jvm-overhead.min", "64m");
    settings.put("taskmanager.memory.jvm-overhead.max", "64m");
    write(conf, settings);
    Process process =
        start(
            id,
            List.of(
                "-Xmx384m",
                "-XX:MaxDirectMemorySize=192m",
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                "--configDir",
                conf.toString()));
    taskManagers.add(process);
    return process;
  }

  /** Submits a job with Flink's own client; returns what the client said. */
  String submit(String jobClass, Path jar, Path config) throws Exception {
    Path out = folder.resolve("submit-" + jobClass + ".txt");
    ProcessBuilder client =
        java(
            List.of(
                "-Xmx384m",
                "org.apache.flink.client.cli.CliFrontend",
                "run",
                "-d",
                "-c",
                jobClass,
                jar.toString(),
                "--config",
                config.toString()));
    client.environment().put("FLINK_CONF_DIR", folder.resolve("jobmanager").toString());
    Process process = client.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    if (!process.waitFor(120, SECONDS)) {
      process.destroyForcibly();
    }
    String said = Files.readString(out);
    if (process.waitFor() != 0) {
      throw new AssertionError("flink run " + jobClass + " failed:\n" + said);
    }
    return said;
  }

  /** Ids of the jobs by name. */
  Map<String, String> jobs() {
    Map<String, String> ids = new LinkedHashMap<>();
    get("/jobs/overview")
        .get("jobs")
        .forEach(job -> ids.put(job.get("name").asText(), job.get("jid").asText()));
    return ids;
  }

  /** Task managers on which a task of the job runs now. */
  Set<String> running(String job) {
    Set<String> found = new TreeSet<>();
    for (JsonNode vertex : get("/jobs/" + job).get("vertices")) {
      String at = "/jobs/" + job + "/vertices/" + vertex.get("id").asText() + "/taskmanagers";
      for (JsonNode host : get(at).get("taskmanagers")) {
        if (host.get("status-counts").get("RUNNING").asInt() > 0) {
          found.add(host.get("taskmanager-id").asText());
        }
      }
    }
    return found;
  }

  /** Checkpoints completed so far. */
  int checkpoints(String job) {
    return get("/jobs/" + job + "/checkpoints").get("counts").get("completed").asInt();
  }

  /** Times that the job went on from a checkpoint. */
  int restores(String job) {
    return get("/jobs/" + job + "/checkpoints").get("counts").get("restored").asInt();
  }

  /** What is known of jobs and processes, for a test that failed. */
  String describe() {
    StringBuilder text = new StringBuilder();
    try {
      text.append(get("/jobs/overview")).append('\n');
      jobs()
          .values()
          .forEach(job -> text.append(running(job)).append(get("/jobs/" + job + "/exceptions")));
    } catch (RuntimeException e) {
      text.append(e);
    }
    return text.append('\n').append(logs()).toString();
  }

  private String logs() {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .map(FlinkProcesses::tail)
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tail(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return file.getFileName()
          + ":\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> common() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("jobmanager.rpc.address", "127.0.0.1");
    settings.put("jobmanager.rpc.port", Integer.toString(rpcPort));
    settings.put("jobmanager.bind-host", "127.0.0.1");
    settings.put("taskmanager.bind-host", "127.0.0.1");
    settings.put("rest.address", "127.0.0.1");
    settings.put("rest.bind-address", "127.0.0.1");
    settings.put("rest.port", Integer.toString(restPort));
    settings.put("io.tmp.dirs", folder.resolve("tmp").toString());
    settings.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
    // A killed process refuses heartbeats and is noticed in seconds; a slow one is left alone.
    settings.put("heartbeat.interval", "1000");
    settings.put("heartbeat.timeout", "30000");
    settings.put("slot.request.timeout", "60000");
    return settings;
  }

  private static void write(Path conf, Map<String, String> settings) throws IOException {
    StringBuilder yaml = new StringBuilder();
    settings.forEach((key, value) -> yaml.append(key).append(": \"").append(value).append("\"\n"));
    Files.writeString(conf.resolve("config.yaml"), yaml);
    Files.writeString(conf.resolve("log4j2.properties"), LOG);
  }

  private Process start(String name, List<String> arguments) throws IOException {
    return java(arguments)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  /** A JVM with Flink's jars and without Tidegate's. */
  private ProcessBuilder java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.add("-XX:+UseSerialGC");
    command.add(
        "-Dlog4j2.configurationFile=" + folder.resolve("jobmanager").resolve("log4j2.properties"));
    command.add("-cp");
    command.add(classPath());
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** The jars of a Flink distribution, as the tests have them. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .filter(entry -> OF_FLINK.matcher(Path.of(entry).getFileName().toString()).matches())
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  private JsonNode get(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + path))
              .timeout(Duration.ofSeconds(10))
              .build();
      return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    taskManagers.forEach(Process::destroyForcibly);
    jobManager.destroyForcibly();
  }
}
