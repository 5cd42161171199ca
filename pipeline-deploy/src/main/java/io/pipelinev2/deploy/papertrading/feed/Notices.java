package io.pipelinev2.deploy.papertrading.feed;

import java.util.ArrayList;
import java.util.List;

/** What is to be noticed, until somebody asks; of a flood, only its beginning and how much more there was. */
final class Notices {

    private static final int MOST = 50;

    private final List<String> held = new ArrayList<>();
    private long more;

    synchronized void add(String notice) {
        if (held.size() < MOST) {
            held.add(notice);
        } else {
            more++;
        }
    }

    /** Gives them, once. */
    synchronized List<String> take() {
        List<String> taken = new ArrayList<>(held);
        if (more > 0) {
            taken.add("and " + more + " more of this kind");
        }
        held.clear();
        more = 0;
        return taken;
    }
}
