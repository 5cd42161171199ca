package io.pipelinev2.runner.http.access;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names by which a browser may address the dashboard. A page on the internet can make its own name resolve to
 * 127.0.0.1 and read what is served there (DNS rebinding); but its requests still carry that name, and are refused.
 */
public final class AllowedHosts {

    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");
    private static final Pattern PORT = Pattern.compile(":\\d{0,5}$");

    private final Set<String> configured;

    /**
     * @param address the name or address that the dashboard was told to listen on
     * @param names others that it is reached by, through a proxy for instance
     */
    public AllowedHosts(String address, Collection<String> names) {
        this.configured = Stream.concat(Stream.of(address), names.stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .map(name -> name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether an authority, as in a Host header, is one of ours.
     *
     * @param authority a host with or without a port
     */
    public boolean permit(String authority) {
        String host = PORT.matcher(authority).replaceFirst("").toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || host.equals("[::1]")
                || configured.contains(host)
                || LOOPBACK_V4.matcher(host).matches();
    }
}
