package io.pipelinev2.deploy.papertrading.feed;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Which addresses bars may be asked for at. Everything here trades on paper: an address that takes orders is refused, even
 * though nothing here could send one.
 */
final class Addresses {

    private static final Set<String> ALPACA_DATA = Set.of("data.alpaca.markets", "data.sandbox.alpaca.markets");
    private static final Set<String> ORDERS = Set.of("order", "orders", "positions", "account", "accounts", "trading");

    private Addresses() {}

    /** @throws IllegalArgumentException if bars must not be asked for there, saying why */
    static void require(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (host.isEmpty() || !(scheme.equals("https") || scheme.equals("http"))) {
            throw refused(url, "must be an address such as https://data.alpaca.markets/v1beta3/crypto/us/bars");
        }
        if (scheme.equals("http") && !isLoopback(host)) {
            throw refused(url, "must begin with https: anybody on the way could change what is traded on");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw refused(
                    url, "must hold no user, no query and no fragment: keys belong into key_file, the rest is added");
        }
        boolean alpaca = host.equals("alpaca.markets") || host.endsWith(".alpaca.markets");
        boolean orders = alpaca
                ? !ALPACA_DATA.contains(host)
                : Arrays.stream(url.getPath().split("/"))
                        .map(part -> part.toLowerCase(Locale.ROOT))
                        .anyMatch(ORDERS::contains);
        if (orders) {
            throw refused(
                    url,
                    "looks like an address that takes orders. Everything here trades on paper; bars are at"
                            + " data.alpaca.markets");
        }
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
    }

    private static IllegalArgumentException refused(URI url, String why) {
        // a password in it must not end up in a log
        String shown = url.getRawUserInfo() == null ? url.toString() : url.getScheme() + "://…@" + url.getHost();
        return new IllegalArgumentException("url " + why + "; it was " + Inert.shown(shown));
    }
}
