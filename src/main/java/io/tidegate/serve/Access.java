package io.tidegate.serve;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. A proxy in front says who is calling, or a caller shows a token, as {@code
 * Authorization: Bearer TOKEN} or as the password of HTTP Basic (some tools can send nothing else).
 * Only digests of the tokens are kept, and every comparison takes the same time.
 */
public final class Access {

  /** Shortest token that is taken. */
  public static final int MIN_LENGTH = 16;

  /** Whoever reaches an open server. */
  private static final Caller LOCAL =
      new Caller("local", EnumSet.allOf(Right.class), Vouching.NOTHING);

  private final List<Token> tokens;
  private final @Nullable ProxyUsers proxy;

  /** What vouches for a caller's name. */
  enum Vouching {
    NOTHING,
    TOKEN,
    PROXY
  }

  /**
   * Who calls.
   *
   * @param name name of the token, never the token; of a person who signed in their own
   */
  record Caller(String name, Set<Right> rights, Vouching by) {
    Caller {
      rights = Set.copyOf(rights);
    }

    /** Whether a proxy vouches for the name, so that a browser sends it unasked. */
    boolean signedIn() {
      return by == Vouching.PROXY;
    }

    /**
     * Who is put down for what the caller writes.
     *
     * @param said who it is by the caller's own words; blank for nothing. Of somebody signed in the
     *     proxy knows better, and behind another name stands the token's
     */
    String actor(String said) {
      if (signedIn() || said.isBlank() || said.equals(name)) {
        return name;
      }
      return by == Vouching.NOTHING ? said : said + " via " + name;
    }

    boolean may(Right right) {
      return rights.contains(right);
    }
  }

  private record Token(byte[] digest, Caller caller) {}

  private Access(List<Token> tokens, @Nullable ProxyUsers proxy) {
    this.tokens = tokens;
    this.proxy = proxy;
  }

  /** Anyone who reaches the server may do everything: for loopback only. */
  public static Access open() {
    return new Access(List.of(), null);
  }

  /**
   * Tokens from the environment; throws a UserError with every one that is missing or too short.
   *
   * @param read names of variables whose token may read
   * @param decide names of variables whose token may read and write
   */
  public static Access tokens(
      List<String> read, List<String> decide, Map<String, String> environment) {
    List<Problem> problems = new ArrayList<>();
    List<Token> tokens = new ArrayList<>();
    for (String name : read) {
      add("--token-env", name, EnumSet.of(Right.READ), environment, tokens, problems);
    }
    for (String name : decide) {
      add("--decide-token-env", name, EnumSet.allOf(Right.class), environment, tokens, problems);
    }
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    return new Access(List.copyOf(tokens), null);
  }

  private static void add(
      String option,
      String name,
      Set<Right> rights,
      Map<String, String> environment,
      List<Token> tokens,
      List<Problem> problems) {
    String token = environment.getOrDefault(name, "").strip();
    if (token.length() < MIN_LENGTH) {
      String expected = "an environment variable that holds at least " + MIN_LENGTH + " characters";
      problems.add(new Problem(option, "", name, expected));
    } else {
      tokens.add(new Token(digest(token), new Caller(name, rights, Vouching.TOKEN)));
    }
  }

  /** The same, and people whom a proxy has signed in. */
  public Access behind(ProxyUsers users) {
    return new Access(tokens, users);
  }

  /** Whether a token must be shown or a proxy must vouch. */
  public boolean guarded() {
    return proxy != null || !tokens.isEmpty();
  }

  /** Whether a name is one by which people ask a proxy for the server. */
  boolean isPublicHost(String name) {
    return proxy != null && proxy.isHost(name);
  }

  /** Whether a request says what only a proxy may say, and no proxy vouches for it. */
  boolean pretends(
      @Nullable InetAddress peer, String host, Function<String, List<String>> headers) {
    return proxy != null && proxy.claims(headers) && !proxy.vouched(peer, host, headers);
  }

  /** The person whom a proxy names, or null. Of a request that {@link #pretends} nothing holds. */
  @Nullable Caller person(Function<String, List<String>> headers) {
    return proxy != null && proxy.claims(headers) ? proxy.caller(headers) : null;
  }

  /**
   * The caller, or null where no proxy names one and no known token is shown. A request that {@link
   * #pretends} must not come here.
   *
   * @param headers values of a request's header; empty where it has none
   */
  @Nullable Caller caller(Function<String, List<String>> headers) {
    if (!guarded()) {
      return LOCAL;
    }
    if (proxy != null && proxy.claims(headers)) {
      return person(headers);
    }
    List<String> shownHeader = headers.apply("Authorization");
    byte[] shown = digest(token(shownHeader.isEmpty() ? null : shownHeader.get(0)));
    Caller found = null;
    for (Token token : tokens) {
      if (MessageDigest.isEqual(token.digest(), shown)) {
        found = token.caller();
      }
    }
    return found;
  }

  private static String token(@Nullable String header) {
    if (header == null) {
      return "";
    }
    String scheme = header.toLowerCase(Locale.ROOT);
    if (scheme.startsWith("bearer ")) {
      return header.substring("bearer ".length()).strip();
    }
    if (scheme.startsWith("basic ")) {
      try {
        byte[] bytes = Base64.getDecoder().decode(header.substring("basic ".length()).strip());
        String pair = new String(bytes, StandardCharsets.UTF_8);
        return pair.substring(pair.indexOf(':') + 1);
      } catch (IllegalArgumentException e) {
        return "";
      }
    }
    return "";
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
