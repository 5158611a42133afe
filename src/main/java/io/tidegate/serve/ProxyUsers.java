package io.tidegate.serve;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * People whom a proxy in front has signed in (OIDC): it says who they are and which groups they are
 * in by two headers. These count only once each, from the proxy's own address and under the name
 * that people ask for; from anywhere else they are refused.
 */
public final class ProxyUsers {

  /** What oauth2-proxy and most others send. */
  public static final String USER_HEADER = "X-Forwarded-User";

  public static final String GROUPS_HEADER = "X-Forwarded-Groups";

  private final Set<InetAddress> proxies;
  private final Set<String> hosts;
  private final String userHeader;
  private final String groupsHeader;
  private final Set<String> readers;
  private final Set<String> deciders;

  private ProxyUsers(
      Set<InetAddress> proxies,
      Set<String> hosts,
      String userHeader,
      String groupsHeader,
      Set<String> readers,
      Set<String> deciders) {
    this.proxies = Set.copyOf(proxies);
    this.hosts = Set.copyOf(hosts);
    this.userHeader = userHeader;
    this.groupsHeader = groupsHeader;
    this.readers = Set.copyOf(readers);
    this.deciders = Set.copyOf(deciders);
  }

  /**
   * Throws a UserError with every address that is none and every header name that is none.
   *
   * @param proxies IP addresses of the proxies
   * @param hosts names by which people ask for the server, as the proxies pass them on
   * @param readers groups that may read; empty: everyone whom the proxy lets through
   * @param deciders groups that may read and write
   */
  public static ProxyUsers of(
      List<String> proxies,
      List<String> hosts,
      String userHeader,
      String groupsHeader,
      List<String> readers,
      List<String> deciders) {
    List<Problem> problems = new ArrayList<>();
    Set<InetAddress> addresses = new HashSet<>();
    for (String proxy : proxies) {
      InetAddress address = address(proxy);
      if (address == null) {
        problems.add(new Problem("--trust-proxy", "", proxy, "an IP address, such as 10.0.0.7"));
      } else {
        addresses.add(address);
      }
    }
    if (hosts.isEmpty()) {
      problems.add(new Problem("--public-host", "", "", "the name by which people ask for it"));
    }
    name("--user-header", userHeader, problems);
    name("--groups-header", groupsHeader, problems);
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    Set<String> names = new HashSet<>();
    hosts.forEach(host -> names.add(host.toLowerCase(Locale.ROOT)));
    return new ProxyUsers(
        addresses, names, userHeader, groupsHeader, Set.copyOf(readers), Set.copyOf(deciders));
  }

  /** An address given in digits; never asks a name server. */
  private static @Nullable InetAddress address(String text) {
    try {
      return text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
          ? InetAddress.getByName(text)
          : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static void name(String option, String header, List<Problem> problems) {
    if (!header.matches("[A-Za-z0-9-]{1,60}")) {
      problems.add(new Problem(option, "", header, "the name of a header"));
    }
  }

  /** Whether a name is one by which people ask for the server. */
  boolean isHost(String name) {
    return hosts.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Whether a request says what only a proxy may say. */
  boolean claims(Function<String, List<String>> headers) {
    return !headers.apply(userHeader).isEmpty() || !headers.apply(groupsHeader).isEmpty();
  }

  /** Whether what a request says may be believed. */
  boolean vouched(@Nullable InetAddress peer, String host, Function<String, List<String>> headers) {
    return peer != null
        && proxies.contains(peer)
        && isHost(host)
        && headers.apply(userHeader).size() == 1
        && headers.apply(groupsHeader).size() <= 1;
  }

  /** Who is calling by the word of a proxy; null where it names nobody. */
  Access.@Nullable Caller caller(Function<String, List<String>> headers) {
    String user = Text.plain(headers.apply(userHeader).get(0).strip());
    if (user.isEmpty()) {
      return null;
    }
    Set<String> groups = groups(headers.apply(groupsHeader));
    EnumSet<Right> rights = EnumSet.noneOf(Right.class);
    if (readers.isEmpty() || groups.stream().anyMatch(readers::contains)) {
      rights.add(Right.READ);
    }
    if (groups.stream().anyMatch(deciders::contains)) {
      rights = EnumSet.allOf(Right.class);
    }
    return new Access.Caller(user, rights, Access.Vouching.PROXY);
  }

  private static Set<String> groups(List<String> headers) {
    Set<String> groups = new HashSet<>();
    for (String header : headers) {
      Arrays.stream(header.split(",", -1)).map(String::strip).forEach(groups::add);
    }
    return groups;
  }
}
