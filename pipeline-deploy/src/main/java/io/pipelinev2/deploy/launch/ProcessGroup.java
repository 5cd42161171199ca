package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.deployment.ProcessIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that was started for one deployment of this home and runs: the process group of its leader, and everything that
 * carries one of its nonces in its environment. Once the leader is gone, its pid may be given to a stranger; from then on
 * only processes that carry a nonce, or have the deployment's lock file open, count as members. Nothing of a copy of the
 * home ever does ({@link Belonging}).
 */
public final class ProcessGroup {

    private final ProcessTable table;
    private final @Nullable ProcessIdentity leader;
    private final @Nullable Set<String> nonces;
    private final Belonging deployment;

    /**
     * What certain starts have left running.
     *
     * @param leader the process of its latest start, if it is known
     * @param nonces the nonces of its starts
     */
    public ProcessGroup(
            ProcessTable table, @Nullable ProcessIdentity leader, Collection<String> nonces, Belonging deployment) {
        this(table, leader, Set.copyOf(nonces), deployment);
    }

    private ProcessGroup(
            ProcessTable table, @Nullable ProcessIdentity leader, @Nullable Set<String> nonces, Belonging deployment) {
        this.table = table;
        this.leader = leader;
        this.nonces = nonces;
        this.deployment = deployment;
    }

    /** Everything of a deployment, that of starts that nobody knows of any more included. */
    public static ProcessGroup everything(ProcessTable table, @Nullable ProcessIdentity leader, Belonging deployment) {
        return new ProcessGroup(table, leader, (Set<String>) null, deployment);
    }

    /** Whether nothing of it runs any more. */
    public boolean isEmpty() {
        return members().isEmpty();
    }

    /** The pids of its members that run. */
    public List<Long> pids() {
        return members().stream().map(ProcessStat::pid).toList();
    }

    /**
     * Sends a signal to every member. Each is looked at again immediately before, and one that turned out to be someone
     * else is left alone.
     */
    public void send(Signal signal) {
        List<ProcessStat> single = new ArrayList<>(members());
        // One call for the whole group, so that a member that is just being forked is not missed.
        if (leader != null && leadsItsGroup(leader) && table.belongs(leader.pid(), deployment)) {
            kill(signal, -leader.pid());
            single.removeIf(member -> member.group() == leader.pid());
        }
        for (ProcessStat member : single) {
            boolean same = table.stat(member.pid())
                    .filter(now -> !now.isDead() && now.startTicks() == member.startTicks())
                    .isPresent();
            if (same) {
                kill(signal, member.pid());
            }
        }
    }

    /** Sends a signal to the leader alone, if it is the one it was. */
    public void sendToLeader(Signal signal) {
        if (leader != null && table.isAlive(leader) && table.belongs(leader.pid(), deployment)) {
            kill(signal, leader.pid());
        }
    }

    private boolean leadsItsGroup(ProcessIdentity process) {
        // Between its start and its setsid() a process is still in the group of whoever started it.
        return table.isAlive(process)
                && table.stat(process.pid())
                        .filter(stat -> stat.group() == process.pid())
                        .isPresent();
    }

    private List<ProcessStat> members() {
        boolean led = leader != null && table.isAlive(leader) && table.belongs(leader.pid(), deployment);
        String directory = deployment.stateDirectory();
        Object lock = deployment.lockKey();
        return table.running().stream()
                .filter(stat -> isMember(stat, led, directory, lock))
                .toList();
    }

    private boolean isMember(ProcessStat stat, boolean led, String directory, @Nullable Object lock) {
        boolean inGroup = leader != null
                && (stat.pid() == leader.pid() || stat.group() == leader.pid() || stat.session() == leader.pid());
        if (led && inGroup) {
            return true;
        }
        Optional<Marks> marks = table.marks(stat.pid());
        boolean started = marks.filter(this::isOfAStart).isPresent();
        if (started && marks.get().isIn(directory)) {
            return true;
        }
        return (started || inGroup || nonces == null) && table.hasOpen(stat.pid(), lock);
    }

    private boolean isOfAStart(Marks marks) {
        return nonces == null || (marks.nonce() != null && nonces.contains(marks.nonce()));
    }

    private static void kill(Signal signal, long target) {
        // A non-zero exit code means that it is gone already, which the next look at the members tells.
        Programs.run(List.of(Programs.find("kill").toString(), "-" + signal.name(), "--", Long.toString(target)));
    }
}
