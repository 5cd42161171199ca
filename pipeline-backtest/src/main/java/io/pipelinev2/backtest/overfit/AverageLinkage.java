package io.pipelinev2.backtest.overfit;

import java.util.Arrays;

/** Agglomerative clustering with average linkage (UPGMA). */
final class AverageLinkage {

    private AverageLinkage() {}

    /** How many clusters are left when no two are within the distance. The symmetric matrix is overwritten. */
    static int clusters(double[][] distances, double cut) {
        int n = distances.length;
        int[] sizes = new int[n];
        Arrays.fill(sizes, 1);
        int left = n;
        while (left > 1) {
            int first = -1;
            int second = -1;
            double nearest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; sizes[i] > 0 && j < n; j++) {
                    if (sizes[j] > 0 && distances[i][j] < nearest) {
                        nearest = distances[i][j];
                        first = i;
                        second = j;
                    }
                }
            }
            if (first < 0 || nearest > cut) {
                break;
            }
            for (int k = 0; k < n; k++) {
                double joined = (sizes[first] * distances[first][k] + sizes[second] * distances[second][k])
                        / (sizes[first] + sizes[second]);
                distances[first][k] = joined;
                distances[k][first] = joined;
            }
            sizes[first] += sizes[second];
            sizes[second] = 0;
            left--;
        }
        return left;
    }
}
