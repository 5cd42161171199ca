package io.pipelinev2.runner.cli;

import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.trial.TrialStatus;
import java.io.PrintWriter;
import java.io.Writer;

/** Tells how far a run has come: a bar that redraws itself on a terminal, a line now and then elsewhere. */
final class Progress {

    private static final int WIDTH = 30;

    private final PrintWriter out;
    private final boolean bar;
    private String last = "";
    private long lastTenth = -1;

    /** Tells nothing. */
    static Progress none() {
        return new Progress(new PrintWriter(Writer.nullWriter()), false);
    }

    Progress(PrintWriter out, boolean bar) {
        this.out = out;
        this.bar = bar;
    }

    void show(PipelineStatus status) {
        long all = status.trials().values().stream().mapToLong(Long::longValue).sum();
        long failed = status.count(TrialStatus.FAILED);
        long deployed = status.count(TrialStatus.DEPLOYED);
        long done = failed + deployed + status.count(TrialStatus.COMPLETED);
        if (all == 0) {
            return;
        }
        String counts = "%d of %d trials decided (%d failed, %d deployed)".formatted(done, all, failed, deployed);
        if (bar) {
            int filled = (int) (WIDTH * done / all);
            String line = "[" + "█".repeat(filled) + "░".repeat(WIDTH - filled) + "] " + counts;
            if (!line.equals(last)) {
                out.print("\r" + line + "\u001b[K");
                out.flush();
            }
            last = line;
        } else if (10 * done / all != lastTenth) {
            lastTenth = 10 * done / all;
            out.println(counts);
            out.flush();
            last = counts;
        }
    }

    /** Ends the bar's line. */
    void end() {
        if (bar && !last.isEmpty()) {
            out.println();
            out.flush();
        }
    }
}
