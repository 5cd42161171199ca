package io.pipelinev2.runner.doctor;

import java.util.List;

/** Whether more could be done than is needed. */
public final class UserCheck implements Check {

    private final String user;

    public UserCheck() {
        this(System.getProperty("user.name", ""));
    }

    UserCheck(String user) {
        this.user = user;
    }

    @Override
    public String name() {
        return "user";
    }

    @Override
    public List<Finding> look() {
        return List.of(
                user.equals("root")
                        ? Finding.warn(
                                "this is root: a mistake, or a model or plugin of somebody else's, could do anything here",
                                "make a user of its own (useradd --system pipeline), chown the home to it, and run everything"
                                        + " on the home as it")
                        : Finding.ok("user " + user + ", who is not root"));
    }
}
