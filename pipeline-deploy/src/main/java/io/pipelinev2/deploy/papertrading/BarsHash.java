package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.market.MarketData;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A hash over the bars that an account was traded on, from the first to a given one. Bars that are added later do not
 * change it; bars that were replaced do.
 */
final class BarsHash {

    private final MarketData market;
    private final MessageDigest digest;
    private final ByteBuffer bar;
    private int rows;

    BarsHash(MarketData market) {
        this.market = market;
        this.bar = ByteBuffer.allocate(Double.BYTES * (market.assets() + market.features()));
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash over all bars up to this one, which is not before the one last asked for. */
    String upTo(int row) {
        for (; rows <= row; rows++) {
            bar.clear();
            for (int i = 0; i < market.assets(); i++) {
                bar.putDouble(market.price(rows, i));
            }
            for (int i = 0; i < market.features(); i++) {
                bar.putDouble(market.tech(rows, i));
            }
            digest.update(bar.array());
        }
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
        }
    }
}
