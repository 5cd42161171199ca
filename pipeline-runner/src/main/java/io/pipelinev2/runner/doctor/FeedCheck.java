package io.pipelinev2.runner.doctor;

import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/** Whether the machine that bars come from can be reached. Nothing is asked of it. */
public final class FeedCheck implements Check {

    private static final int PATIENCE_MILLIS = 5_000;

    private final FeedSettings feed;

    public FeedCheck(FeedSettings feed) {
        this.feed = feed;
    }

    @Override
    public String name() {
        return "feed";
    }

    @Override
    public List<Finding> look() {
        if (!(feed instanceof FeedSettings.HttpBars bars)) {
            return List.of();
        }
        URI url = bars.url();
        int port = url.getPort() > 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), port), PATIENCE_MILLIS);
            return List.of(Finding.ok(url.getHost() + ":" + port + " can be reached"));
        } catch (IOException e) {
            return List.of(Finding.fail(
                    url.getHost() + ":" + port + " cannot be reached: " + e,
                    "look at the network, or correct stages.deploy.feed.url"));
        }
    }
}
