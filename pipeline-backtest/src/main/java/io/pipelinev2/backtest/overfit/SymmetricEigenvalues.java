package io.pipelinev2.backtest.overfit;

/** Eigenvalues of a small symmetric matrix by the cyclic Jacobi method. */
final class SymmetricEigenvalues {

    private static final int MAX_SWEEPS = 60;

    private SymmetricEigenvalues() {}

    /** In no particular order. The matrix is overwritten. */
    static double[] of(double[][] a) {
        int n = a.length;
        double size = 0;
        for (double[] row : a) {
            for (double cell : row) {
                size += cell * cell;
            }
        }
        for (int sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a) > 1e-24 * size; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, p, q);
                }
            }
        }
        double[] eigenvalues = new double[n];
        for (int i = 0; i < n; i++) {
            eigenvalues[i] = a[i][i];
        }
        return eigenvalues;
    }

    private static void rotate(double[][] a, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        double[] rowP = a[p];
        double[] rowQ = a[q];
        double pp = rowP[p] - t * rowP[q];
        double qq = rowQ[q] + t * rowP[q];
        for (int k = 0; k < a.length; k++) {
            double kp = rowP[k];
            double kq = rowQ[k];
            rowP[k] = c * kp - s * kq;
            rowQ[k] = s * kp + c * kq;
        }
        rowP[p] = pp;
        rowQ[q] = qq;
        rowP[q] = 0;
        rowQ[p] = 0;
        for (int k = 0; k < a.length; k++) {
            a[k][p] = rowP[k];
            a[k][q] = rowQ[k];
        }
    }

    private static double offDiagonal(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += 2 * a[i][j] * a[i][j];
            }
        }
        return sum;
    }
}
