package io.tidegate;

import java.io.File;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;

/** What pom.xml says, for files that must agree with it. */
public final class Poms {

  private static final Document POM = read();

  private Poms() {}

  /** A property such as {@code flink.version}. */
  static String property(String name) {
    return POM.getElementsByTagName(name).item(0).getTextContent().strip();
  }

  /** The project's own version. */
  public static String version() {
    return property("version");
  }

  private static Document read() {
    try {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File("pom.xml"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
