package io.pipelinev2.runner.doctor;

import io.pipelinev2.runner.config.HttpConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Whether the dashboard could listen where it is meant to. */
public final class PortCheck implements Check {

    private final HttpConfig http;
    private final boolean inUse;

    /** @param inUse whether a daemon of this home runs, which then is what listens there */
    public PortCheck(HttpConfig http, boolean inUse) {
        this.http = http;
        this.inUse = inUse;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public List<Finding> look() throws IOException {
        String address = http.host() + ":" + http.port();
        if (inUse || http.port() == 0) {
            return List.of(
                    Finding.ok(inUse ? address + " is this home's daemon's" : "any free port of " + http.host()));
        }
        InetAddress host = InetAddress.getByName(http.host());
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, http.port()));
            return List.of(
                    host.isLoopbackAddress()
                            ? Finding.ok(address + " is free, and reached from this machine alone")
                            : Finding.warn(
                                    address + " is reached from other machines",
                                    "http.host 127.0.0.1 and an SSH tunnel, unless that is what is wanted"));
        } catch (IOException e) {
            return List.of(Finding.warn(
                    address + " is taken, so `run` would not start: " + e.getMessage(),
                    "ss -ltnp shows by whom; end that, or set http.port to another (0: any that is free)"));
        }
    }
}
