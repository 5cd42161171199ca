package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a process is part of a systemd service that would take the traders down with it. */
public final class ServiceCheck implements Check {

    private static final Pattern SERVICE = Pattern.compile("/([^/]+\\.service)(?:/|$)", Pattern.MULTILINE);
    private static final Pattern USER_SERVICE =
            Pattern.compile("/user@\\d+\\.service/.*/([^/]+\\.service)", Pattern.MULTILINE);
    private static final Pattern SESSION = Pattern.compile("/session-[^/]+\\.scope");

    private final Machine machine;
    private final long pid;
    private final int traders;

    /**
     * @param pid the process that starts traders
     * @param traders how many traders there may be
     */
    public ServiceCheck(Machine machine, long pid, int traders) {
        this.machine = machine;
        this.pid = pid;
        this.traders = traders;
    }

    @Override
    public String name() {
        return "service";
    }

    @Override
    public List<Finding> look() throws IOException {
        String groups = machine.ofProcess(pid, "cgroup").orElse("");
        Matcher user = USER_SERVICE.matcher(groups);
        if (user.find()) {
            List<Finding> findings = new ArrayList<>(show(user.group(1), "--user"));
            findings.add(Finding.warn(
                    "process " + pid + " is the service " + user.group(1)
                            + " of a user, all of which may end with the user's last session",
                    "loginctl enable-linger, or better a system service with User="));
            return findings;
        }
        Matcher service = SERVICE.matcher(groups);
        if (service.find()) {
            return show(service.group(1), "--system");
        }
        if (SESSION.matcher(groups).find()) {
            return List.of(Finding.warn(
                    "process " + pid + " belongs to a login session, and nobody starts it again when the machine does",
                    "make it a service; docs/deployments.md has the unit file"));
        }
        return List.of(Finding.ok("process " + pid + " is not part of a systemd service"));
    }

    private List<Finding> show(String name, String whose) throws IOException {
        Optional<String> answer = machine.say("systemctl", whose, "show", name);
        if (answer.isEmpty()) {
            return List.of(Finding.warn(
                    "process " + pid + " is part of the service " + name + ", but systemctl does not say how it is set",
                    "look at it yourself: systemctl show -p KillMode " + name + " must say KillMode=process"));
        }
        List<Finding> findings = new UnitRules(traders).of(Unit.ofShow(answer.get()));
        return findings.isEmpty()
                ? List.of(Finding.ok("service " + name + " lets traders outlive the daemon"))
                : findings.stream()
                        .map(finding -> new Finding(
                                finding.level(),
                                name + ": " + finding.message(),
                                "systemctl edit " + name + ", and under [Service]: " + finding.fix()))
                        .toList();
    }
}
