package io.pipelinev2.runner.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** A headless Chromium of this machine. Nothing is downloaded: neither a browser nor, if the machine has it, Node.js. */
final class Browsers implements AutoCloseable {

    private static final String INSTALL =
            "Tests in a browser need Chromium: `apt-get install chromium`, or name one in the"
                    + " environment variable CHROMIUM.";
    private static final String NODE =
            "Tests in a browser need Node.js 20 or later on the PATH, or the profile that fetches it: `mvn -Pbundled-node`.";

    private final Playwright playwright;
    private final Browser browser;

    private Browsers(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** @throws TestAbortedException if there is none, and this is not the CI, which must have one */
    static Browsers open() {
        Path chromium = chromium().orElseThrow(() -> lacking(INSTALL));
        Map<String, String> environment = new HashMap<>(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        if (!nodeIsBundled()) {
            Path node = onPath("node").orElseThrow(() -> lacking(NODE));
            environment.put("PLAYWRIGHT_NODEJS_PATH", node.toString());
        }
        Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        return new Browsers(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium)
                                .setArgs(arguments())));
    }

    Browser browser() {
        return browser;
    }

    /** It is to ask this daemon and nobody else, not even for its own sake. */
    private static List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync"));
        if (new UnixSystem().getUid() == 0) {
            // its sandbox refuses to be root's
            arguments.add("--no-sandbox");
        }
        return arguments;
    }

    private static RuntimeException lacking(String words) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(words);
        }
        // an aborted test is one line in the report: who runs the tests is told where he looks
        System.err.println("[WARNING] Not run: " + words);
        return new TestAbortedException(words);
    }

    private static Optional<Path> chromium() {
        String named = System.getenv("CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
                .map(Browsers::onPath)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static boolean nodeIsBundled() {
        return Browsers.class.getResource("/driver/linux/node") != null;
    }

    private static Optional<Path> onPath(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
