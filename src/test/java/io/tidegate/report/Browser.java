package io.tidegate.report;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's chromium without a screen, driven by its own driver. */
public final class Browser implements AutoCloseable {

  private static final Path BROWSER = Path.of("/usr/bin/chromium");

  /** Selenium's generated protocol classes are not used, so that it need not find them. */
  private static final Logger PROTOCOL = Logger.getLogger("org.openqa.selenium");

  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private final ChromeDriver driver;
  private final ChromeDriverService service;

  private Browser(ChromeDriver driver, ChromeDriverService service) {
    this.driver = driver;
    this.service = service;
  }

  /** Starts one with an empty profile; where there is none the test is skipped, but not in CI. */
  public static Browser start(Path profile) {
    if (!Files.isExecutable(BROWSER) || !Files.isExecutable(DRIVER)) {
      String missing = "NO PAGE WAS OPENED IN A BROWSER: install chromium and chromium-driver";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(missing);
      }
      System.err.println(missing);
      Assumptions.abort(missing);
    }
    PROTOCOL.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .withSilent(true)
            .build();
    return new Browser(new ChromeDriver(service, options), service);
  }

  public void open(Path file) {
    driver.get(file.toUri().toString());
  }

  public void open(URI address) {
    driver.get(address.toString());
  }

  /** Sends a command of the browser's own protocol. */
  public void command(String name, Map<String, Object> parameters) {
    driver.executeCdpCommand(name, parameters);
  }

  /** What axe-core finds wrong with the page as it is now. */
  @SuppressWarnings("unchecked")
  public List<String> violations() throws IOException {
    run(resource("/axe.min.js"));
    List<Map<String, Object>> violations =
        (List<Map<String, Object>>)
            await(
                "const done = arguments[arguments.length - 1];"
                    + "axe.run(document).then(r => done(r.violations.map(v =>"
                    + " ({id: v.id, impact: v.impact, nodes: v.nodes.slice(0, 3).map(n =>"
                    + " n.html).join(' | ')}))));");
    return violations.stream().map(Map::toString).toList();
  }

  /** Sets the window's inner size and {@code light} or {@code dark}. */
  public void view(int width, int height, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  public Object run(String script) {
    Object result = driver.executeScript(script);
    return result == null ? "" : result;
  }

  /** Runs a script that calls its last argument with the result. */
  public Object await(String script) {
    Object result = driver.executeAsyncScript(script);
    return result == null ? "" : result;
  }

  public List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  /** Writes the whole page as a picture. */
  public void picture(Path file) throws IOException {
    long height = ((Number) run("return document.documentElement.scrollHeight")).longValue();
    long width = ((Number) run("return window.innerWidth")).longValue();
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
    service.stop();
  }

  private static String resource(String path) throws IOException {
    try (var in = Browser.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("no resource " + path);
      }
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
