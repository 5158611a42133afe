package io.tidegate.connector;

import io.tidegate.codec.formats.EventFormat;
import io.tidegate.model.Nearest;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Configuration of every job: a YAML file, overridden per key by the environment ({@code
 * TIDEGATE_KAFKA_BOOTSTRAP_SERVERS} for {@code kafka.bootstrap_servers}).
 *
 * @param effective every setting by path with where it came from, secrets masked
 */
public record TidegateConfig(
    KafkaConfig kafka,
    CatalogConfig catalog,
    PrivacyConfig privacy,
    EventsConfig events,
    GateConfig gate,
    BaselineConfig baseline,
    IncidentsConfig incidents,
    MaintainConfig maintain,
    RuntimeConfig runtime,
    Map<String, String> effective) {

  /** Attributes that {@code metric_hourly} breaks outcomes down by unless configured. */
  public static final List<String> DEFAULT_DIMENSIONS =
      List.of("country", "device", "plan", "platform", "tenure");

  /** Reads a file and the process's environment. Throws a UserError with every problem found. */
  public static TidegateConfig load(Path file) {
    return load(file, System.getenv());
  }

  public static TidegateConfig load(Path file, Map<String, String> environment) {
    ConfigReader root = ConfigReader.open(file, environment);
    TidegateConfig config =
        new TidegateConfig(
            kafka(root.section("kafka")),
            catalog(root.section("catalog")),
            privacy(root.section("privacy")),
            events(root.section("events")),
            gate(root.section("gate")),
            baseline(root.section("baseline")),
            incidents(root.section("incidents")),
            maintain(root.section("maintain")),
            runtime(root),
            root.effective());
    root.finish();
    return config;
  }

  public TidegateConfig withBounded(boolean bounded) {
    return withRuntime(runtime.withBounded(bounded));
  }

  public TidegateConfig withRuntime(RuntimeConfig changed) {
    return new TidegateConfig(
        kafka, catalog, privacy, events, gate, baseline, incidents, maintain, changed, effective);
  }

  public TidegateConfig withEvents(EventsConfig changed) {
    return new TidegateConfig(
        kafka, catalog, privacy, changed, gate, baseline, incidents, maintain, runtime, effective);
  }

  public TidegateConfig withBaseline(BaselineConfig changed) {
    return new TidegateConfig(
        kafka, catalog, privacy, events, gate, changed, incidents, maintain, runtime, effective);
  }

  public TidegateConfig withGate(GateConfig changed) {
    return new TidegateConfig(
        kafka, catalog, privacy, events, changed, baseline, incidents, maintain, runtime,
        effective);
  }

  public TidegateConfig withMaintain(MaintainConfig changed) {
    return new TidegateConfig(
        kafka, catalog, privacy, events, gate, baseline, incidents, changed, runtime, effective);
  }

  /** The effective configuration, one {@code path = value (origin)} a line, secrets masked. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    effective.forEach((path, value) -> text.append(path).append(" = ").append(value).append('\n'));
    return text.toString();
  }

  private static KafkaConfig kafka(ConfigReader in) {
    ConfigReader names = in.section("topics");
    Map<String, String> taken = new HashMap<>();
    Topics standard = Topics.DEFAULT;
    Topics topics =
        new Topics(
            topic(names, taken, "exposures", standard.exposures()),
            topic(names, taken, "outcomes", standard.outcomes()),
            topic(names, taken, "rollouts", standard.rollouts()),
            topic(names, taken, "gate_signals", standard.gateSignals()),
            topic(names, taken, "gate_verdicts", standard.gateVerdicts()),
            topic(names, taken, "gate_evidence", standard.gateEvidence()),
            topic(names, taken, "incidents", standard.incidents()),
            topic(names, taken, "late_events", standard.lateEvents()),
            topic(names, taken, "dead_letters", standard.deadLetters()));
    Map<String, String> properties = in.strings("properties");
    for (String time : List.of(KafkaSources.DISCOVERY, SentSignals.DELIVERY_TIMEOUT)) {
      String value = properties.get(time);
      if (value != null && !isPositive(value)) {
        in.problem("properties." + time, value, "a whole number of milliseconds above 0");
      }
    }
    return new KafkaConfig(in.required("bootstrap_servers"), topics, properties);
  }

  /** Offsets are told apart by topic, so each stream has one of its own. */
  private static String topic(
      ConfigReader names, Map<String, String> taken, String name, String otherwise) {
    String topic = names.string(name, otherwise);
    String before = taken.putIfAbsent(topic, name);
    if (before != null) {
      names.problem(name, topic, "a topic of its own: " + before + " has this one");
    }
    return topic;
  }

  private static boolean isPositive(String number) {
    try {
      return Long.parseLong(number) > 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static CatalogConfig catalog(ConfigReader in) {
    CatalogConfig.Type type = in.choice("type", CatalogConfig.Type.class, CatalogConfig.Type.JDBC);
    return new CatalogConfig(
        in.string("name", "tidegate"),
        in.string("namespace", "tidegate"),
        type,
        in.required("uri"),
        type == CatalogConfig.Type.JDBC ? in.required("warehouse") : in.string("warehouse", ""),
        in.strings("properties"));
  }

  private static PrivacyConfig privacy(ConfigReader in) {
    return new PrivacyConfig(
        in.string("unit_key_env", "TIDEGATE_UNIT_KEY"), in.string("unit_key_file", ""));
  }

  private static EventsConfig events(ConfigReader in) {
    return new EventsConfig(
        in.choice("clock", EventsConfig.Clock.class, EventsConfig.Clock.WALL),
        in.durationMs("out_of_order", "PT10S"),
        in.durationMs("idle", "PT30S"),
        in.durationMs("max_future", "PT1H"),
        in.durationMs("max_past", "P366D"),
        in.integer("max_bytes", 64 * 1024, 256, 16 * 1024 * 1024),
        formats(in.section("formats")),
        in.list("dimensions", DEFAULT_DIMENSIONS));
  }

  private static EventsConfig.Formats formats(ConfigReader in) {
    EventsConfig.Formats standard = EventsConfig.Formats.CANONICAL;
    EventFormat exposures = in.choice("exposures", EventFormat.class, standard.exposures());
    EventFormat outcomes = in.choice("outcomes", EventFormat.class, standard.outcomes());
    if (!exposures.hasExposures()) {
      in.problem("exposures", word(exposures), "a format that has exposures");
    }
    if (!outcomes.hasOutcomes()) {
      in.problem("outcomes", word(outcomes), "a format that has outcomes");
    }
    return new EventsConfig.Formats(
        exposures,
        outcomes,
        in.list("exposure_reasons", standard.exposureReasons()).stream()
            .map(reason -> reason.toLowerCase(Locale.ROOT))
            .toList());
  }

  private static String word(EventFormat format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  private static BaselineConfig baseline(ConfigReader in) {
    String zone = in.string("time_zone", BaselineConfig.DEFAULT.timeZone());
    if (!ZoneId.getAvailableZoneIds().contains(zone)) {
      String expected = "a time zone of the tz database such as Europe/Berlin";
      in.problem("time_zone", zone, Nearest.suggest(expected, zone, ZoneId.getAvailableZoneIds()));
      zone = BaselineConfig.DEFAULT.timeZone();
    }
    String country = in.string("holidays", BaselineConfig.DEFAULT.holidays());
    if (!country.isEmpty() && !Holidays.known(country)) {
      in.problem("holidays", country, "the code of a country such as de, or of a part as us-dc");
    }
    Set<LocalDate> events = new TreeSet<>();
    for (String date : in.list("events", List.of())) {
      try {
        events.add(LocalDate.parse(date));
      } catch (DateTimeException e) {
        in.problem("events", date, "dates such as 2026-11-27");
      }
    }
    return new BaselineConfig(zone, country, events);
  }

  private static IncidentsConfig incidents(ConfigReader in) {
    return new IncidentsConfig(
        Duration.ofMillis(in.durationMs("false_alarm_every", "P56D")),
        in.string("owner", ""),
        Duration.ofMillis(in.durationMs("respond_within", "PT1H")),
        Duration.ofMillis(in.durationMs("settle", "PT10M")));
  }

  private static GateConfig gate(ConfigReader in) {
    return new GateConfig(
        in.choice("bootstrap", GateConfig.Bootstrap.class, GateConfig.Bootstrap.AUTO),
        in.choice("signals", GateConfig.Delivery.class, GateConfig.Delivery.EXACTLY_ONCE));
  }

  private static MaintainConfig maintain(ConfigReader in) {
    return new MaintainConfig(
        in.durationMs("keep_snapshots", "P3D"),
        in.durationMs("keep_results", "P90D"),
        in.integer("min_files", 5, 2, 1_000_000));
  }

  private static RuntimeConfig runtime(ConfigReader root) {
    ConfigReader in = root.section("runtime");
    return new RuntimeConfig(
        in.bool("bounded", false),
        in.integer("parallelism", 1, 1, 1024),
        in.durationMs("checkpoint_interval", "PT60S"),
        root.strings("flink"));
  }
}
