package io.pipelinev2.runner.http;

import io.javalin.Javalin;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.deploy.HomeOrders;
import io.pipelinev2.runner.view.DeploymentsView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the status endpoint and the dashboard over HTTP, on loopback only. It reads the store; all it can change is which
 * orders the traders of a home may give. It belongs to whoever makes it, and can be started once.
 */
public final class DashboardServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DashboardServer.class);
    private static final int BACKLOG = 128;
    private static final Cached.Pace PACE =
            new Cached.Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(50));
    private static final int MOST_THREADS = 16;
    private static final int FEWEST_THREADS = 4;
    private static final long MOST_BYTES_OF_A_REQUEST = 64 * 1024;

    private final DashboardSettings settings;
    private final Cached<PipelineStatus> status;
    private final Cached<Board> board;
    private final Routes routes;
    private final Set<String> changing;
    private @Nullable Javalin javalin;

    /** A dashboard that does not know what accounts are worth, and changes nothing. */
    public DashboardServer(PipelineStore store, Monitor monitor, DashboardSettings settings) {
        this(store, monitor, settings, DeploymentsView.Sources.of(deployment -> Optional.empty()), null);
    }

    /**
     * @param sources what the store does not say about deployments; asked in the background
     * @param orders which orders the home's traders may give, or null if there is no home
     */
    public DashboardServer(
            PipelineStore store,
            Monitor monitor,
            DashboardSettings settings,
            DeploymentsView.Sources sources,
            @Nullable HomeOrders orders) {
        this(store, monitor, settings, sources, orders, Clock.system(), PACE);
    }

    DashboardServer(
            PipelineStore store,
            Monitor monitor,
            DashboardSettings settings,
            DeploymentsView.Sources sources,
            @Nullable HomeOrders orders,
            Clock clock,
            Cached.Pace pace) {
        this.settings = settings;
        this.status = new Cached<>("pipeline's status", monitor::status, clock, pace);
        this.board = new Cached<>("state database", () -> Board.read(store, settings.rankBy(), sources), clock, pace);
        this.routes = new Routes(status, board, settings, clock, orders);
        this.changing = orders == null ? Set.of() : Set.of(OrderSwitch.HALT, OrderSwitch.RESUME);
    }

    /**
     * Begins to serve.
     *
     * @return the port that it listens on
     * @throws ExposedAddressException if the configured address is not a loopback one
     * @throws AddressUnavailableException if the address cannot be listened on, because its port is taken for instance
     */
    public synchronized int start() {
        if (javalin != null) {
            throw new IllegalStateException("The dashboard was started before. Make another one.");
        }
        ServerSocketChannel address = bind();
        try {
            javalin = create(address);
            javalin.start();
            return ((InetSocketAddress) address.getLocalAddress()).getPort();
        } catch (IOException | RuntimeException e) {
            close();
            closeQuietly(address);
            throw new IllegalStateException("The dashboard could not be started, though its address is free.", e);
        }
    }

    /** Takes the address before the server is made, which would log a taken port as its own failure. */
    private ServerSocketChannel bind() {
        try {
            InetAddress address = InetAddress.getByName(settings.host());
            if (!address.isLoopbackAddress()) {
                throw new ExposedAddressException(settings.host());
            }
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                return channel.bind(new InetSocketAddress(address, settings.port()), BACKLOG);
            } catch (IOException e) {
                closeQuietly(channel);
                throw e;
            }
        } catch (IOException e) {
            throw new AddressUnavailableException(settings.host(), settings.port(), e);
        }
    }

    private Javalin create(ServerSocketChannel address) {
        return Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.maxRequestSize = MOST_BYTES_OF_A_REQUEST;
            QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
            threads.setName("dashboard");
            threads.setDaemon(true);
            config.jetty.threadPool = threads;
            config.jetty.modifyServer(server -> {
                server.setHandler(new RequestGate(new AllowedHosts(settings.host()), changing));
                server.setErrorHandler(new Problems());
            });
            config.jetty.addConnector((server, http) -> {
                http.setSendServerVersion(false);
                return connector(server, http, address);
            });
            routes.register(config.routes);
        });
    }

    private ServerConnector connector(Server server, HttpConfiguration http, ServerSocketChannel address) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        // for its log line only: the address is taken already
        connector.setHost(settings.host());
        try {
            connector.open(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connector;
    }

    private static void closeQuietly(ServerSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("a socket that served nobody could not be closed", e);
        }
    }

    /** Stops serving. Does nothing if it does not serve. */
    @Override
    public synchronized void close() {
        if (javalin != null) {
            javalin.stop();
        }
        status.close();
        board.close();
    }
}
