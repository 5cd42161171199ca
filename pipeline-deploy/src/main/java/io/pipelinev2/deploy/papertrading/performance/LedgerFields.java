package io.pipelinev2.deploy.papertrading.performance;

/** What the entries of a ledger are called in the store: the words that the import writes and the record reads. */
public final class LedgerFields {

    /** The first entry of an account. */
    public static final String OPEN = "open";

    /** A bar was traded. */
    public static final String BAR = "bar";

    /** Of {@link #OPEN}: the names of the assets, in the order of the prices; empty if they are not known. */
    public static final String ASSETS = "assets";

    /** Of {@link #OPEN}: the prices of the assets at which the account began. */
    public static final String PRICES = "prices";

    /** Of {@link #OPEN}: the hash of the model that trades. */
    public static final String MODEL = "model_sha256";

    /** Of {@link #BAR}: cash afterwards. An account begins with nothing else. */
    public static final String CASH = "cash";

    /** Of {@link #BAR}: the fees of this bar. */
    public static final String FEES = "fees";

    /** Of {@link #BAR}: the time of the bar, ISO 8601, or null if its feed knows none. */
    public static final String BAR_TIME = "bar_time";

    /**
     * Of {@link #BAR}: what equal capital in every asset, bought where the account began and held, is a multiple of by now;
     * null if it cannot be told.
     */
    public static final String BENCHMARK = "benchmark";

    /** Of {@link #BAR}: whether a stop of the account's own is in force after it. */
    public static final String STOPPED = "stopped";

    /** Of {@link #BAR}: a list of what was bought and sold. */
    public static final String FILLS = "fills";

    /** Of a fill: its price column, from 0. */
    public static final String ASSET = "asset";

    /** Of a fill: {@link #BUY}, or a kind of sale. */
    public static final String SIDE = "side";

    /** A purchase. */
    public static final String BUY = "buy";

    /** Of a fill: units, positive on both sides. */
    public static final String QUANTITY = "quantity";

    /** Of a fill: per unit. */
    public static final String PRICE = "price";

    /** Of a fill. */
    public static final String FEE = "fee";

    private LedgerFields() {}
}
