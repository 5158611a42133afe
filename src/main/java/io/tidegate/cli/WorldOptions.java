package io.tidegate.cli;

import static io.tidegate.simulate.SimulationConfig.DAY_MS;

import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.ManagerParameters;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.simulate.Faults;
import io.tidegate.simulate.PlantedEffect;
import io.tidegate.simulate.Shock;
import io.tidegate.simulate.SimulationConfig;
import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a simulated world is like; use as a picocli mixin. */
final class WorldOptions {

  /** Traffic on a public holiday as a share of a plain day's. */
  static final double HOLIDAY_TRAFFIC = 0.7;

  private static final int YEARS_OF_HOLIDAYS = 3;

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--start",
      paramLabel = "DATE",
      defaultValue = "2026-03-02",
      description = "First day, in UTC (default: ${DEFAULT-VALUE}).")
  private LocalDate start;

  @Option(
      names = "--units-per-day",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Units on a plain day at the start (default: ${DEFAULT-VALUE}).")
  private double unitsPerDay;

  @Option(
      names = "--growth",
      paramLabel = "FRACTION",
      defaultValue = "0.01",
      description = "Growth of the traffic a week (default: ${DEFAULT-VALUE}).")
  private double growth;

  @Option(
      names = "--holidays",
      paramLabel = "COUNTRY",
      defaultValue = "de",
      description =
          "Country whose public holidays have less traffic, or none (default: ${DEFAULT-VALUE}).")
  private String holidays;

  @Option(
      names = "--effect",
      paramLabel = "LEVER=CHANGE[,ATTRIBUTE=VALUE][,from=STAGE][,variant=NAME]",
      description =
          "Plant an effect of the treatment, such as purchase=-0.4,device=mobile,from=half. Levers:"
              + " return, view_cart, checkout, purchase, revenue, refund, error, latency.")
  private List<String> effects = new ArrayList<>();

  @Option(
      names = "--shock",
      paramLabel = "LEVER=CHANGE,from=P5DT3H,for=PT6H",
      description =
          "Move every variant alike, from a time after the start. Levers as of --effect, and"
              + " traffic.")
  private List<String> shocks = new ArrayList<>();

  @Option(
      names = "--duplicates",
      paramLabel = "SHARE",
      defaultValue = "0.005",
      description = "Events sent twice (default: ${DEFAULT-VALUE}).")
  private double duplicates;

  @Option(
      names = "--disorder",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "Events delayed by up to 8 s (default: ${DEFAULT-VALUE}).")
  private double disorder;

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Events delayed by 20 minutes to 3 hours (default: ${DEFAULT-VALUE}).")
  private double late;

  @Option(
      names = "--malformed",
      paramLabel = "SHARE",
      defaultValue = "0.0005",
      description = "Records that are no event, in addition (default: ${DEFAULT-VALUE}).")
  private double malformed;

  @Option(
      names = "--absurd",
      paramLabel = "SHARE",
      defaultValue = "0.0001",
      description = "Events of another century, in addition (default: ${DEFAULT-VALUE}).")
  private double absurd;

  @Option(
      names = "--oversized",
      paramLabel = "SHARE",
      defaultValue = "0.00001",
      description = "Events of 80,000 characters, in addition (default: ${DEFAULT-VALUE}).")
  private double oversized;

  @Option(
      names = "--mixed",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Units served another variant at every other visit (default: ${DEFAULT-VALUE}).")
  private double mixed;

  @Option(
      names = "--no-exposures-before",
      description = "The flag is not evaluated before the first stage.")
  private boolean noExposuresBefore;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  WorldOptions() {}

  /** The world; throws a UserError with every option that is wrong. */
  SimulationConfig world(RolloutSpec spec) {
    List<Problem> problems = new ArrayList<>();
    long startMs = start.toEpochDay() * DAY_MS;
    EffectText texts = new EffectText(spec, startMs, problems);
    List<PlantedEffect> planted = effects.stream().flatMap(t -> texts.effect(t).stream()).toList();
    List<Shock> felt = shocks.stream().flatMap(t -> texts.shock(t).stream()).toList();
    Faults faults =
        tried(
            problems,
            "--duplicates, --disorder, …",
            () -> new Faults(duplicates, disorder, late, malformed, absurd, oversized, mixed));
    Map<Long, Double> days =
        holidays.equals("none") ? Map.of() : holidays(holidays, start, problems);
    SimulationConfig world =
        faults == null
            ? null
            : tried(
                problems,
                "--units-per-day, --growth",
                () ->
                    new SimulationConfig(
                        spec,
                        seed,
                        startMs,
                        unitsPerDay,
                        growth,
                        days,
                        planted,
                        felt,
                        faults,
                        !noExposuresBefore));
    if (world == null || !problems.isEmpty()) {
      throw new UserError(problems);
    }
    return world;
  }

  /** Factor on the traffic of each public holiday in the years from {@code start} on. */
  static Map<Long, Double> holidays(String country, LocalDate start, List<Problem> problems) {
    Map<Long, Double> days = new TreeMap<>();
    try {
      HolidayManager manager =
          HolidayManager.getInstance(ManagerParameters.create(country.toLowerCase(Locale.ROOT)));
      for (int year = 0; year < YEARS_OF_HOLIDAYS; year++) {
        manager
            .getHolidays(Year.of(start.getYear() + year))
            .forEach(day -> days.put(day.getDate().toEpochDay(), HOLIDAY_TRAFFIC));
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      problems.add(
          new Problem("--holidays", "", country, "the code of a country such as de, or none"));
    }
    return days;
  }

  private static <T> @Nullable T tried(List<Problem> problems, String option, Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(option, "", "", String.valueOf(e.getMessage())));
      return null;
    }
  }
}
