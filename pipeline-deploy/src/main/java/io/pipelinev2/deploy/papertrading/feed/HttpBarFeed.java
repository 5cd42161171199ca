package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.BarHistory;
import io.pipelinev2.backtest.market.TechnicalFeatures;
import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Polls an endpoint for bars, once for all traders of a home that have the same settings.
 *
 * <p>The trader's thread only looks at what is there; requests are made in the background, one at a time, while a bar is
 * due. Bars count once they are complete by the endpoint's own clock. What is known reaches without a gap from {@code
 * historyFrom} to {@code knownUntil}: bars that others fetched are taken over only where they join.
 */
final class HttpBarFeed implements BarFeed {

    /** Bars before the newest that are asked for again with each request, so that their revisions are seen. */
    private static final int LOOK_BACK = 5;

    /** Bars of history beyond what is needed, for those that a market did not have. */
    private static final int SPARE = 100;

    /** How often the history is begun twice as far back, where a market lacks more bars than that. */
    private static final int WIDENINGS = 3;

    /** Bars of all assets in one request with its pages. */
    private static final int MOST_BARS = 30_000;

    /** Bars that wait to be traded before no more are fetched, when a trader was down for long. */
    private static final int MOST_PENDING = 2 * TechnicalFeatures.SETTLED;

    private static final int MOST_TOLD = 1000;
    private static final long SHARED_BYTES = 16 << 20;
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration MOST_BACKOFF = Duration.ofMinutes(10);
    private static final Duration MOST_WAIT = Duration.ofHours(1);
    private static final Duration BUSY = Duration.ofMillis(250);

    private final FeedSettings.HttpBars settings;
    private final BarsEndpoint endpoint;
    private final SharedBars shared;
    private final Clock clock;
    private final Executor background;
    private final DoubleSupplier random;
    private final int mostBars;
    private final Due due;
    private final Duration patience;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final SharedBars.Cursor cursor = new SharedBars.Cursor();
    private final Notices notices = new Notices();
    private final Set<String> told = new TreeSet<>();

    // all below is guarded by this
    private BarBoard board;
    private @Nullable Instant historyFrom;
    private Instant knownUntil = Instant.EPOCH;
    private int wanted;
    private int widenings;
    private @Nullable Bar resumed;
    private @Nullable Instant began;
    private @Nullable Instant given;
    private long index = -1;
    private SharedState state = SharedState.NONE;
    private @Nullable String fault;

    /** @param mostBars of all assets in one request with its pages */
    HttpBarFeed(
            FeedSettings.HttpBars settings,
            BarsEndpoint endpoint,
            SharedBars shared,
            Clock clock,
            Executor background,
            DoubleSupplier random,
            int mostBars) {
        this.settings = settings;
        this.endpoint = endpoint;
        this.shared = shared;
        this.clock = clock;
        this.background = background;
        this.random = random;
        this.mostBars = mostBars;
        this.due = new Due(settings.interval());
        this.patience = settings.patience().orElse(settings.interval().multipliedBy(2));
        this.board = new BarBoard(List.copyOf(settings.symbols().keySet()));
    }

    /**
     * @param order of the model's assets, or empty for that of the symbols
     * @throws FeedException if a symbol or the key is missing
     * @throws IOException if the shared directory cannot be made
     */
    static HttpBarFeed open(FeedSettings.HttpBars configured, List<String> order, Clock clock, Path sharedDirectory)
            throws IOException {
        FeedSettings.HttpBars settings = ordered(configured, order);
        settings.keyFile().ifPresent(KeyFile::read);
        ExecutorService background = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "feed");
            thread.setDaemon(true);
            return thread;
        });
        return new HttpBarFeed(
                settings,
                new BarsEndpoint(
                        settings.url(),
                        List.copyOf(settings.symbols().values()),
                        settings.timeframe(),
                        settings.keyFile(),
                        REQUEST,
                        clock),
                new SharedBars(sharedDirectory.resolve(sha256(settings))),
                clock,
                background,
                () -> ThreadLocalRandom.current().nextDouble(),
                MOST_BARS);
    }

    static FeedSettings.HttpBars ordered(FeedSettings.HttpBars settings, List<String> order) {
        if (order.isEmpty()) {
            return settings;
        }
        if (!settings.symbols().keySet().equals(Set.copyOf(order))) {
            throw new FeedException("stages.deploy.feed.symbols names "
                    + String.join(" ", settings.symbols().keySet()) + ", but data.assets "
                    + String.join(" ", order) + ". Both must name the assets of the models.");
        }
        var symbols = new LinkedHashMap<String, String>();
        order.forEach(asset -> symbols.put(asset, settings.symbols().getOrDefault(asset, "")));
        return new FeedSettings.HttpBars(
                settings.url(),
                symbols,
                settings.timeframe(),
                settings.keyFile(),
                settings.poll(),
                settings.patience());
    }

    /** The same for the same settings with the assets in the same order. */
    static String sha256(FeedSettings.HttpBars settings) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(settings.toMap().toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public List<String> assetNames() {
        return List.copyOf(settings.symbols().keySet());
    }

    @Override
    public int assets() {
        return settings.symbols().size();
    }

    @Override
    public int features() {
        return assets() * TechnicalFeatures.COUNT;
    }

    @Override
    public Optional<Duration> interval() {
        return Optional.of(due.interval());
    }

    @Override
    public List<Bar> beginning(int count) {
        synchronized (this) {
            wanted = count;
            if (historyFrom == null) {
                knowFrom(now());
            }
        }
        fetch();
        synchronized (this) {
            List<Bar> beginning = new ArrayList<>();
            // what others fetched long ago is no beginning
            if (!isCurrent(now())) {
                return beginning;
            }
            List<Long> times =
                    board.commonUntil(knownUntil.minus(due.interval()).toEpochMilli(), count);
            if (times.size() < count || times.isEmpty() || board.depth(times.get(0)) < TechnicalFeatures.SETTLED) {
                return beginning;
            }
            for (long time : times) {
                beginning.add(board.bar(beginning.size(), time));
            }
            began = beginning.get(0).time();
            given = beginning.get(count - 1).time();
            index = count - 1L;
            board.needFrom(times.get(count - 1));
            return beginning;
        }
    }

    @Override
    public void resumeAfter(Bar last) {
        Instant time = last.time();
        if (time == null || last.prices().size() != assets() || last.tech().size() != features()) {
            throw new FeedException(
                    "The account was traded on bars of " + last.prices().size() + " assets with "
                            + last.tech().size() + " features" + (time == null ? " and without times" : "")
                            + ", but stages.deploy.feed has " + assets() + " with " + features()
                            + ". Configure the feed that it was begun with, or `stop` the deployment.");
        }
        synchronized (this) {
            began = time;
            given = time;
            index = last.index();
            resumed = last;
            wanted = 0;
            knowFrom(time);
        }
        fetch();
    }

    /** Begins a history that suffices for bars from this time on. */
    private void knowFrom(Instant time) {
        long interval = due.interval().toMillis();
        long bars = (TechnicalFeatures.SETTLED + wanted + SPARE) * (1L << widenings);
        // on a grid, so that traders that start one after the other need the same
        long grid = SPARE * interval;
        historyFrom =
                Instant.ofEpochMilli(Math.max(0, Math.floorDiv(time.toEpochMilli() - bars * interval, grid) * grid));
        knownUntil = historyFrom;
        board = new BarBoard(assetNames());
        Instant last = given;
        if (last != null) {
            board.needFrom(last.toEpochMilli());
        }
        cursor.reset();
    }

    @Override
    public Next next() {
        fetch();
        synchronized (this) {
            Instant now = now();
            Instant last = given;
            if (last == null) {
                return new Next.Waiting(look(), trouble(true, null));
            }
            OptionalLong any = board.anyAfter(last.toEpochMilli());
            if (any.isPresent() && !due.complete(any.getAsLong()).isAfter(knownUntil)) {
                long time = any.getAsLong();
                List<Integer> lacking = board.lacking(time);
                if (!lacking.isEmpty() && mayFill(time, now)) {
                    fill(time, lacking);
                    lacking = List.of();
                }
                if (!lacking.isEmpty()) {
                    return new Next.Waiting(
                            look(),
                            trouble(
                                    due.isLate(last.toEpochMilli(), now),
                                    "There is no bar of " + String.join(" ", board.names(lacking)) + " at "
                                            + Instant.ofEpochMilli(time) + " yet."));
                }
                int depth = board.depth(time);
                if (depth < TechnicalFeatures.SETTLED) {
                    return new Next.Waiting(look(), trouble(true, tooFew(depth)));
                }
                checkResumed();
                Bar bar = board.bar(++index, time);
                given = bar.time();
                board.needFrom(time);
                return new Next.Arrived(bar, due.age(time, now));
            }
            return new Next.Waiting(
                    look(),
                    trouble(due.isLate(last.toEpochMilli(), now), "There is no bar after that of " + last + " yet."));
        }
    }

    /** Whether the endpoint can be taken not to have a bar any more. */
    private boolean mayFill(long time, Instant now) {
        OptionalLong later = board.commonAfter(time);
        return board.depth(time) > 0
                && !now.isBefore(due.complete(time).plus(patience))
                && later.isPresent()
                && !due.complete(later.getAsLong()).isAfter(knownUntil);
    }

    private void fill(long time, List<Integer> lacking) {
        for (int asset : lacking) {
            BarHistory history = board.histories().get(asset);
            double close = history.bar(-history.indexOf(time) - 2)[3];
            history.put(time, new double[] {close, close, close, close, 0});
        }
        notices.add("There is no bar of " + String.join(" ", board.names(lacking)) + " at " + Instant.ofEpochMilli(time)
                + "; the close before it was taken, with a volume of 0.");
    }

    private void checkResumed() {
        Bar last = resumed;
        if (last == null || last.time() == null) {
            return;
        }
        resumed = null;
        long time = last.time().toEpochMilli();
        List<Integer> lacking = board.lacking(time);
        if (lacking.size() == assets()) {
            notices.add("The endpoint no longer has the bar of " + last.time() + ", the last that was traded.");
        } else if (lacking.isEmpty() && !board.prices(time).equals(last.prices())) {
            notices.add("The bar of " + last.time() + " was revised after it was traded; it is not traded again.");
        }
    }

    private Duration look() {
        return busy.get() && due.look().compareTo(BUSY) > 0 ? BUSY : due.look();
    }

    /**
     * @param late whether what is missing should be there
     * @param missing what is, in words, or null
     */
    private @Nullable String trouble(boolean late, @Nullable String missing) {
        String failed = fault != null ? fault : state.trouble();
        if (failed != null && (late || fault != null || state.lasting())) {
            return failed;
        }
        if (late && missing != null) {
            return missing;
        }
        if (!state.ahead().isZero()) {
            return "This machine's clock is " + state.ahead().abs().toSeconds() + " s "
                    + (state.ahead().isNegative() ? "ahead of" : "behind") + " the endpoint's. Set it by NTP;"
                    + " meanwhile the age of bars is judged by the endpoint's clock.";
        }
        return given == null && board.depth(Long.MAX_VALUE) > 0 && widenings == WIDENINGS
                ? tooFew(board.depth(Long.MAX_VALUE))
                : null;
    }

    private static String tooFew(int depth) {
        return "The endpoint has no more than " + depth + " bars of some asset, but features are those of the training"
                + " only after " + TechnicalFeatures.SETTLED + ".";
    }

    private synchronized Instant now() {
        return clock.now().plus(state.ahead());
    }

    /** Lets the background look for what is needed, unless it is at it. */
    private void fetch() {
        synchronized (this) {
            if (need(now()).isEmpty()) {
                return;
            }
        }
        if (busy.compareAndSet(false, true)) {
            try {
                background.execute(() -> {
                    try {
                        poll();
                    } finally {
                        busy.set(false);
                    }
                });
            } catch (RejectedExecutionException closed) {
                busy.set(false);
            }
        }
    }

    /** From when on bars are needed that are not known, empty if none are at this time. */
    private Optional<Instant> need(Instant now) {
        Instant from = historyFrom;
        if (from == null) {
            return Optional.empty();
        }
        if (knownUntil.equals(from)) {
            return Optional.of(from);
        }
        Instant last = given;
        Instant overlap = knownUntil.minus(due.interval().multipliedBy(LOOK_BACK));
        if (last == null) {
            return isCurrent(now) ? Optional.empty() : Optional.of(overlap.isBefore(from) ? from : overlap);
        }
        int pending = board.pendingAfter(last.toEpochMilli());
        OptionalLong newest = board.newestCommon();
        boolean nothingDue = newest.isPresent() && !isDue(newest.getAsLong(), now);
        OptionalLong any = board.anyAfter(last.toEpochMilli());
        boolean incomplete = any.isPresent() && !board.lacking(any.getAsLong()).isEmpty();
        if (pending > MOST_PENDING || (nothingDue && !incomplete)) {
            return Optional.empty();
        }
        if (incomplete && Instant.ofEpochMilli(any.getAsLong()).isBefore(overlap)) {
            return Optional.of(Instant.ofEpochMilli(any.getAsLong()));
        }
        return Optional.of(overlap.isBefore(from) ? from : overlap);
    }

    /** Whether the bar after this one should be there. */
    private boolean isDue(long time, Instant now) {
        return !due.next(time).plus(due.settling()).isAfter(now);
    }

    /** Whether the newest bar is known, as far as the endpoint has it. */
    private boolean isCurrent(Instant now) {
        OptionalLong newest = board.newestCommon();
        boolean asked = newest.isEmpty()
                || !isDue(newest.getAsLong(), now)
                || !knownUntil.isBefore(due.next(newest.getAsLong()));
        return asked && knownUntil.plus(due.interval()).isAfter(now);
    }

    private void poll() {
        try {
            shared.tryWith(this::pollAlone);
            synchronized (this) {
                fault = null;
            }
        } catch (IOException e) {
            fault("What the traders of this home share cannot be read or written: " + e + ".");
        } catch (FeedException e) {
            fault(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fault("A fault of the feed itself: " + e + ".");
        }
    }

    private synchronized void fault(String words) {
        fault = words;
    }

    private void pollAlone(SharedBars.Session session) throws IOException, InterruptedException {
        Instant start;
        synchronized (this) {
            state = session.state();
            joinShared(session);
            Optional<Instant> need = need(now());
            if (need.isEmpty() || mustWait()) {
                return;
            }
            start = need.get();
        }
        // said before it is asked: traders that die of the answer must not ask again at once
        session.save(session.state().asking(clock.now().plus(settings.poll())));
        long bars = Math.max(2L * LOOK_BACK, mostBars / assets());
        Instant end = start.plus(due.interval().multipliedBy(bars));
        Optional<Instant> until = end.isBefore(now()) ? Optional.of(end) : Optional.empty();
        try {
            BarsEndpoint.Answer answer = endpoint.bars(start, until);
            synchronized (this) {
                take(session, start, until.orElse(answer.complete()), answer);
            }
        } catch (EndpointException e) {
            Duration wait = backoff(session.state().failures());
            Duration asked = e.retryAfter().orElse(Duration.ZERO);
            wait = asked.compareTo(wait) > 0 ? asked : wait;
            wait = wait.compareTo(MOST_WAIT) > 0 ? MOST_WAIT : wait;
            session.save(
                    session.state().failed(e.words(), e.isLasting(), clock.now().plus(wait)));
            synchronized (this) {
                state = session.state();
            }
        }
    }

    private synchronized boolean mustWait() {
        Duration left = Duration.between(clock.now(), state.notBefore());
        // farther away than anybody writes it, it is of a clock that was set back since
        return left.compareTo(Duration.ZERO) > 0 && left.compareTo(MOST_WAIT.plus(settings.poll())) <= 0;
    }

    private Duration backoff(int failures) {
        Duration doubled = settings.poll().multipliedBy(1L << Math.min(failures, 20));
        Duration longest = MOST_BACKOFF.compareTo(settings.poll()) > 0 ? MOST_BACKOFF : settings.poll();
        Duration wait = doubled.compareTo(longest) > 0 ? longest : doubled;
        return Duration.ofMillis((long) (wait.toMillis() * (0.75 + 0.5 * random.getAsDouble())));
    }

    /** Takes what others fetched, if it joins what is known. */
    private synchronized void joinShared(SharedBars.Session session) throws IOException {
        SharedState held = session.state();
        boolean joins = held.from().isPresent()
                && !held.from().get().isAfter(knownUntil)
                && !held.until().isBefore(knownUntil);
        if (joins) {
            session.read(cursor, this::put);
            knownUntil = held.until();
            widenIfNeeded();
        }
    }

    private synchronized void take(SharedBars.Session session, Instant start, Instant until, BarsEndpoint.Answer answer)
            throws IOException {
        answer.bars().forEach(this::put);
        for (String words : answer.refused()) {
            if (told.size() < MOST_TOLD && told.add(words)) {
                notices.add(words);
            }
        }
        knownUntil = until.isAfter(knownUntil) ? until : knownUntil;
        SharedState held = session.state().answered(answer.ahead());
        boolean joins = held.from().isPresent() && !held.until().isBefore(start);
        if (!joins || held.length() > SHARED_BYTES) {
            session.replace(all(), held, oldest(), knownUntil);
        } else if (!held.from().get().isAfter(start)) {
            session.append(answer.bars(), held, until);
        } else {
            // older than what is shared: for this trader alone, until it reaches that
            session.save(held);
        }
        state = session.state();
        widenIfNeeded();
    }

    /** Where the market lacks so many bars that the history is too short, it is begun anew from farther back. */
    private void widenIfNeeded() {
        Instant last = given;
        boolean current = isCurrent(now());
        long at = last == null ? Long.MAX_VALUE : last.toEpochMilli();
        if (current && widenings < WIDENINGS && board.depth(at) < TechnicalFeatures.SETTLED + wanted) {
            widenings++;
            knowFrom(last == null ? now() : last);
        }
    }

    private void put(ReceivedBar bar) {
        if (bar.asset() < 0 || bar.asset() >= assets()) {
            throw new IllegalArgumentException("no such asset");
        }
        Instant from = historyFrom;
        if (from != null && bar.time() < from.toEpochMilli()) {
            return;
        }
        BarHistory.Change change = board.histories().get(bar.asset()).put(bar.time(), bar.values());
        Instant at = Instant.ofEpochMilli(bar.time());
        Instant first = began;
        Instant last = given;
        if (first == null || last == null || at.isBefore(first) || at.isAfter(last)) {
            return;
        }
        if (change == BarHistory.Change.REVISED) {
            notices.add("The bar of " + assetNames().get(bar.asset()) + " at " + at
                    + " was revised after it was traded; it is not traded again.");
        }
    }

    private List<ReceivedBar> all() {
        List<ReceivedBar> all = new ArrayList<>();
        for (int asset = 0; asset < assets(); asset++) {
            BarHistory history = board.histories().get(asset);
            for (int i = 0; i < history.size(); i++) {
                all.add(ReceivedBar.of(asset, history.time(i), history.bar(i)));
            }
        }
        return all;
    }

    /** Since when all that is known is still held. */
    private Instant oldest() {
        Instant from = historyFrom == null ? knownUntil : historyFrom;
        long held =
                board.histories().stream().mapToLong(BarHistory::heldFrom).max().orElse(Long.MIN_VALUE);
        return held > from.toEpochMilli() ? Instant.ofEpochMilli(held) : from;
    }

    @Override
    public List<String> notices() {
        return notices.take();
    }

    @Override
    public void close() {
        if (background instanceof ExecutorService service) {
            service.shutdownNow();
        }
    }
}
