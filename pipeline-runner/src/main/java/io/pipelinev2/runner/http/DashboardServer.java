package io.pipelinev2.runner.http;

import io.javalin.Javalin;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.AccessTokens;
import io.pipelinev2.runner.http.access.AllowedHosts;
import io.pipelinev2.runner.http.access.Privileges;
import io.pipelinev2.runner.http.access.Sessions;
import io.pipelinev2.runner.http.access.TokenUnavailableException;
import io.pipelinev2.runner.http.access.WrongTokens;
import io.pipelinev2.runner.http.action.Actions;
import io.pipelinev2.runner.http.action.BulkApi;
import io.pipelinev2.runner.http.action.HomeDesk;
import io.pipelinev2.runner.http.api.AlertsApi;
import io.pipelinev2.runner.http.api.DeploymentsApi;
import io.pipelinev2.runner.http.api.HomeApi;
import io.pipelinev2.runner.http.api.OpenApiDocument;
import io.pipelinev2.runner.http.api.TrialsApi;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.frame.Asset;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.frame.SignIn;
import io.pipelinev2.runner.http.overview.Board;
import io.pipelinev2.runner.http.overview.DashboardPage;
import io.pipelinev2.runner.http.page.ActionPages;
import io.pipelinev2.runner.http.page.AlertPages;
import io.pipelinev2.runner.http.page.BulkPages;
import io.pipelinev2.runner.http.page.DeploymentPages;
import io.pipelinev2.runner.http.page.LogPages;
import io.pipelinev2.runner.http.page.OrderPages;
import io.pipelinev2.runner.http.page.StagePages;
import io.pipelinev2.runner.http.page.TrialPages;
import io.pipelinev2.runner.http.page.WatchPages;
import io.pipelinev2.runner.http.reading.AccountBook;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Glance;
import io.pipelinev2.runner.http.reading.Traders;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.TrialRanks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the status endpoint, the API and the dashboard over HTTP, on loopback only. It belongs to whoever makes it, and can
 * be started once.
 */
public final class DashboardServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DashboardServer.class);
    private static final int BACKLOG = 128;
    private static final Cached.Pace PACE =
            new Cached.Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(20));
    private static final int MOST_THREADS = 16;
    private static final int FEWEST_THREADS = 4;
    private static final int MOST_CONNECTIONS = 512;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int FRAMING = 64;

    private final DashboardSettings settings;
    private final Cached<Glance> status;
    private final Cached<Board> board;
    private final Cached<TrialRanks> ranks;
    private final Cached<DeploymentsView> deployments;
    private final Cached<Traders> traders;
    private final Metrics metrics;
    private final PipelineStore store;
    private final DeploymentsView.Sources sources;
    private final @Nullable HomeDesk desk;
    private final Clock clock;
    private final Sessions sessions;
    private @Nullable Javalin javalin;

    /** A dashboard that does not know what accounts are worth, and changes nothing. */
    public DashboardServer(PipelineStore store, Monitor monitor, DashboardSettings settings) {
        this(store, monitor, settings, DeploymentsView.Sources.of(deployment -> Optional.empty()), null);
    }

    /**
     * @param sources what the store does not say about deployments; asked in the background
     * @param desk what the home offers, or null if there is no home
     */
    public DashboardServer(
            PipelineStore store,
            Monitor monitor,
            DashboardSettings settings,
            DeploymentsView.Sources sources,
            @Nullable HomeDesk desk) {
        this(store, monitor, settings, sources, desk, Clock.system(), PACE);
    }

    DashboardServer(
            PipelineStore store,
            Monitor monitor,
            DashboardSettings settings,
            DeploymentsView.Sources sources,
            @Nullable HomeDesk desk,
            Clock clock,
            Cached.Pace pace) {
        this.settings = settings;
        this.store = store;
        this.sources = sources;
        this.desk = desk;
        this.clock = clock;
        this.sessions = new Sessions(clock);
        this.status = new Cached<>("pipeline's status", () -> Glance.read(store, monitor), clock, pace);
        this.board = new Cached<>("state database", () -> Board.read(store, settings.rankBy()), clock, pace.resting());
        AccountBook book = new AccountBook();
        this.traders = new Cached<>("paper accounts", () -> Traders.read(store, sources, book), clock, pace);
        this.ranks = new Cached<>(
                "trials' ranks", () -> store.read(tx -> TrialRanks.of(tx, settings.rankBy())), clock, pace.resting());
        this.deployments = new Cached<>("deployments", () -> DeploymentsView.of(store, sources), clock, pace);
        this.metrics = new Metrics(status, deployments);
    }

    /** All that is served, in the order of their modules. */
    private List<Endpoint> endpoints(AccessRules rules) {
        Bulkhead reading = new Bulkhead(2, 4, Duration.ofSeconds(2));
        HomeApi home = new HomeApi(store, status, reading, desk);
        List<Endpoint> all = new ArrayList<>(home.endpoints());
        TrialsApi trials = new TrialsApi(store, ranks, reading, desk);
        DeploymentsApi deployed = new DeploymentsApi(store, deployments, sources, reading, desk);
        all.addAll(trials.endpoints());
        all.addAll(deployed.endpoints());
        all.addAll(new AlertsApi(store, reading).endpoints());
        Frame frame = new Frame(
                status,
                home::position,
                new Frame.Terms(settings.readOnly(), settings.hasToken(), settings.takesChanges()),
                clock);
        DashboardPage.Daemon daemon = new DashboardPage.Daemon(clock.now(), desk == null ? null : desk.checkInterval());
        Actions actions = null;
        if (desk != null) {
            // a home that is read-only has the same addresses, and says so there
            actions = new Actions(store, desk, new Bulkhead(1, 3, Duration.ofSeconds(5)));
            all.addAll(actions.endpoints());
            all.addAll(new ActionPages(store, actions, reading, frame).endpoints());
            all.addAll(new StagePages(actions, frame).endpoints());
            all.addAll(new BulkApi(actions).endpoints());
            all.addAll(new BulkPages(store, actions, reading, frame).endpoints());
            all.addAll(new OrderPages(actions, traders, frame).endpoints());
        }
        if (settings.hasToken()) {
            all.addAll(new SignIn(rules, sessions).endpoints());
        }
        all.add(Endpoint.get(
                "/metrics",
                "getMetrics",
                "Figures in the text form of Prometheus.",
                Access.READ,
                List.of(),
                Endpoint.Answer.of("text/plain"),
                asked -> {
                    asked.ctx().contentType(Metrics.MEDIA_TYPE);
                    asked.ctx().result(metrics.text());
                }));
        all.add(Endpoint.get(
                "/",
                "getDashboard",
                "The dashboard.",
                Access.READ,
                List.of(Frame.REFRESH),
                Endpoint.Answer.of("text/html"),
                asked -> frame.answer(
                        asked,
                        Page.Place.OVERVIEW,
                        true,
                        new DashboardPage(
                                        status.get(),
                                        board.get(),
                                        traders.get(),
                                        settings.rankBy().name(),
                                        desk != null && frame.offersTo(asked.caller()),
                                        desk == null
                                                ? List.of()
                                                : desk.stages().stream()
                                                        .sorted()
                                                        .toList(),
                                        daemon,
                                        clock.now())
                                .shown())));
        all.addAll(new TrialPages(store, ranks, reading, settings.rankBy().name(), frame, desk != null).endpoints());
        all.addAll(new DeploymentPages(store, traders, sources, reading, frame, desk != null).endpoints());
        all.addAll(new LogPages(trials, deployed, frame).endpoints());
        all.addAll(new WatchPages(store, status, reading, frame).endpoints());
        all.addAll(new AlertPages(store, actions, reading, frame).endpoints());
        all.add(Asset.STYLE.endpoint("getStyle"));
        all.add(Asset.ICON.endpoint("getIcon"));
        all.add(Asset.THEME.endpoint("getThemeScript"));
        all.add(Asset.SCRIPT.endpoint("getScript"));
        all.add(Asset.CHARTS.endpoint("getChartsScript"));
        all.add(Asset.HTMX.endpoint("getHtmx"));
        all.add(Asset.UPLOT.endpoint("getUplot"));
        all.add(Asset.UPLOT_STYLE.endpoint("getUplotStyle"));
        all.add(Endpoint.get(
                OpenApiDocument.PATH,
                "getOpenApi",
                "This document.",
                Access.OPEN,
                List.of(),
                Endpoint.Answer.of("application/json"),
                asked -> {
                    asked.ctx().contentType("application/json");
                    asked.ctx().result(OpenApiDocument.of(all));
                }));
        return List.copyOf(all);
    }

    /**
     * Begins to serve.
     *
     * @return the port that it listens on
     * @throws ExposedAddressException if the configured address is not a loopback one
     * @throws TokenUnavailableException if the access token's file cannot be used
     * @throws AddressUnavailableException if the address cannot be listened on, because its port is taken for instance
     */
    public synchronized int start() {
        if (javalin != null) {
            throw new IllegalStateException("The dashboard was started before. Make another one.");
        }
        AccessRules rules = new AccessRules(
                AccessTokens.of(settings.tokenFile(), settings.readTokenFile()),
                settings.readsProtected(),
                settings.readOnly(),
                sessions,
                new WrongTokens(clock));
        ServerSocketChannel address = bind();
        try {
            javalin = create(address, endpoints(rules), rules);
            javalin.start();
            Privileges.objection(Path.of("/proc/self")).ifPresent(log::warn);
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

    private Javalin create(ServerSocketChannel address, List<Endpoint> endpoints, AccessRules rules) {
        return Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.maxRequestSize = RequestGate.MOST_BYTES;
            QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
            threads.setName("dashboard");
            threads.setDaemon(true);
            config.jetty.threadPool = threads;
            config.jetty.modifyServer(server -> {
                RequestGate gate = new RequestGate(new AllowedHosts(settings.host(), settings.names()), endpoints);
                // the gate keeps the limit; this reads bodies before a thread is given to them, so that slow senders
                // hold none
                gate.setHandler(new EagerContentHandler(new EagerContentHandler.RetainedContentLoaderFactory(
                        2 * RequestGate.MOST_BYTES, FRAMING, true)));
                server.setHandler(gate);
                server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
                server.setErrorHandler(new Problems());
            });
            config.jetty.addConnector((server, http) -> {
                http.setSendServerVersion(false);
                return connector(server, http, address);
            });
            new Routes(endpoints, rules).register(config.routes);
        });
    }

    private ServerConnector connector(Server server, HttpConfiguration http, ServerSocketChannel address) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        // for its log line only: the address is taken already
        connector.setHost(settings.host());
        connector.setIdleTimeout(IDLE.toMillis());
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

    /** What is registered, each by its method and its path, once it is started. */
    public synchronized List<String> registered() {
        Javalin started = Objects.requireNonNull(javalin, "not started");
        return started.unsafe.internalRouter.allHttpHandlers().stream()
                .map(handler -> handler.endpoint.method + " " + handler.endpoint.path)
                .toList();
    }

    /** Stops serving. Does nothing if it does not serve. */
    @Override
    public synchronized void close() {
        if (javalin != null) {
            javalin.stop();
        }
        metrics.close();
        status.close();
        board.close();
        traders.close();
        ranks.close();
        deployments.close();
    }
}
