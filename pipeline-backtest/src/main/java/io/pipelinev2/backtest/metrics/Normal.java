package io.pipelinev2.backtest.metrics;

/**
 * The standard normal distribution, to the precision of a double also far out in the tails.
 *
 * <p>Sources: W. J. Cody, <i>Rational Chebyshev approximations for the error function</i>, Math. Comp. 23 (1969) for the
 * distribution function, with Laplace's continued fraction far out; M. J. Wichura, <i>Algorithm AS 241</i>, Applied Statistics 37 (1988) for its inverse. Only
 * {@link StrictMath} is used, so that results are the same on every machine.
 */
public final class Normal {

    /** Beyond it the tail is computed as a continued fraction. */
    private static final double FAR = 5.656854249492380195;
    /** Beyond it the tail is smaller than the smallest double. */
    private static final double SMALLEST_TAIL = 39;
    /** Enough for every digit from {@link #FAR} on. */
    private static final int FRACTIONS = 60;

    private static final double ONE_OVER_SQRT_2PI = 0.398942280401432677939946059934;
    /** Below it the middle of the distribution is computed directly, not as a tail. */
    private static final double CENTRE = 0.67448975;

    private static final double[] CENTRE_TOP = {
        0.065682337918207449113,
        2.2352520354606839287,
        161.02823106855587881,
        1067.6894854603709582,
        18154.981253343561249
    };
    private static final double[] CENTRE_BOTTOM = {
        1, 47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956
    };
    private static final double[] NEAR_TOP = {
        1.0765576773720192317e-8,
        0.39894151208813466764,
        8.8831497943883759412,
        93.506656132177855979,
        597.27027639480026226,
        2494.5375852903726711,
        6848.1904505362823326,
        11602.651437647350124,
        9842.7148383839780218
    };
    private static final double[] NEAR_BOTTOM = {
        1,
        22.266688044328115691,
        235.38790178262499861,
        1519.377599407554805,
        6485.558298266760755,
        18615.571640885098091,
        34900.952721145977266,
        38912.003286093271411,
        19685.429676859990727
    };
    private static final double[] QUANTILE_CENTRE_TOP = {
        2509.0809287301226727,
        33430.575583588128105,
        67265.770927008700853,
        45921.953931549871457,
        13731.693765509461125,
        1971.5909503065514427,
        133.14166789178437745,
        3.387132872796366608
    };
    private static final double[] QUANTILE_CENTRE_BOTTOM = {
        5226.495278852854561,
        28729.085735721942674,
        39307.89580009271061,
        21213.794301586595867,
        5394.1960214247511077,
        687.1870074920579083,
        42.313330701600911252,
        1
    };
    private static final double[] QUANTILE_NEAR_TOP = {
        7.7454501427834140764e-4,
        0.0227238449892691845833,
        0.24178072517745061177,
        1.27045825245236838258,
        3.64784832476320460504,
        5.7694972214606914055,
        4.6303378461565452959,
        1.42343711074968357734
    };
    private static final double[] QUANTILE_NEAR_BOTTOM = {
        1.05075007164441684324e-9,
        5.475938084995344946e-4,
        0.0151986665636164571966,
        0.14810397642748007459,
        0.68976733498510000455,
        1.6763848301838038494,
        2.05319162663775882187,
        1
    };
    private static final double[] QUANTILE_FAR_TOP = {
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        0.0012426609473880784386,
        0.026532189526576123093,
        0.29656057182850489123,
        1.7848265399172913358,
        5.4637849111641143699,
        6.6579046435011037772
    };
    private static final double[] QUANTILE_FAR_BOTTOM = {
        2.04426310338993978564e-15,
        1.4215117583164458887e-7,
        1.8463183175100546818e-5,
        7.868691311456132591e-4,
        0.0148753612908506148525,
        0.13692988092273580531,
        0.59983220655588793769,
        1
    };

    private Normal() {}

    /**
     * The probability of a value of at most {@code x}. For the upper tail ask for {@code cdf(-x)}, which keeps its digits.
     *
     * @param x any number; infinities give 0 and 1
     * @throws IllegalArgumentException for NaN
     */
    public static double cdf(double x) {
        if (Double.isNaN(x)) {
            throw new IllegalArgumentException("the normal distribution was asked for NaN");
        }
        double distance = Math.abs(x);
        if (distance <= CENTRE) {
            double square = x * x;
            return 0.5 + x * polynomial(CENTRE_TOP, square) / polynomial(CENTRE_BOTTOM, square);
        }
        double tail = upperTail(distance);
        return x < 0 ? tail : 1 - tail;
    }

    /**
     * The value that is exceeded with a probability of {@code 1 - p}: the inverse of {@link #cdf}.
     *
     * @param p strictly between 0 and 1
     * @throws IllegalArgumentException otherwise, since the answer would be infinite
     */
    public static double quantile(double p) {
        if (!(p > 0 && p < 1)) {
            throw new IllegalArgumentException("a probability strictly between 0 and 1 has a quantile, was " + p);
        }
        double fromCentre = p - 0.5;
        if (Math.abs(fromCentre) <= 0.425) {
            double r = 0.180625 - fromCentre * fromCentre;
            return fromCentre * polynomial(QUANTILE_CENTRE_TOP, r) / polynomial(QUANTILE_CENTRE_BOTTOM, r);
        }
        double r = StrictMath.sqrt(-StrictMath.log(fromCentre < 0 ? p : 1 - p));
        double distance = r <= 5
                ? polynomial(QUANTILE_NEAR_TOP, r - 1.6) / polynomial(QUANTILE_NEAR_BOTTOM, r - 1.6)
                : polynomial(QUANTILE_FAR_TOP, r - 5) / polynomial(QUANTILE_FAR_BOTTOM, r - 5);
        return fromCentre < 0 ? -distance : distance;
    }

    private static double upperTail(double x) {
        if (x > SMALLEST_TAIL) {
            return 0;
        }
        double ratio = x <= FAR ? polynomial(NEAR_TOP, x) / polynomial(NEAR_BOTTOM, x) : ONE_OVER_SQRT_2PI / mills(x);
        // exp(-x^2/2) in two factors, so that the rounding of x^2 does not cost the digits of the tail.
        double coarse = StrictMath.floor(x * 16) / 16;
        double rest = (x - coarse) * (x + coarse);
        return StrictMath.exp(-coarse * coarse * 0.5) * StrictMath.exp(-rest * 0.5) * ratio;
    }

    /** x + 1/(x + 2/(x + 3/(x + ...))): density over tail, Laplace's continued fraction. */
    private static double mills(double x) {
        double value = x;
        for (int k = FRACTIONS; k > 0; k--) {
            value = x + k / value;
        }
        return value;
    }

    /** Coefficients from the highest power down. */
    private static double polynomial(double[] coefficients, double x) {
        double value = 0;
        for (double coefficient : coefficients) {
            value = value * x + coefficient;
        }
        return value;
    }
}
