package io.pipelinev2.runner.http.access;

import io.pipelinev2.runner.logging.RunnerLogCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret that lets somebody in over HTTP, whatever its file holds at that moment: another one in the file counts at once, and
 * one that cannot be used lets nobody in. It is in memory as a digest alone, and no message shows any of it.
 */
final class AccessToken {

    private static final Logger log = LoggerFactory.getLogger(AccessToken.class);

    private final TokenFile file;
    private @Nullable Edition latest;
    private boolean unusable;

    /** One secret that the file held. It stays the same as long as the secret does. */
    static final class Edition {

        private final byte[] digest;

        private Edition(byte[] digest) {
            this.digest = digest;
        }
    }

    private AccessToken(TokenFile file) {
        this.file = file;
    }

    /**
     * The token of a file; made if there is no file yet.
     *
     * @throws TokenUnavailableException if the file can be read by others, is a link, holds no token, or cannot be made
     */
    static AccessToken of(Path file) {
        TokenFile made = new TokenFile(file);
        made.makeIfMissing();
        AccessToken token = new AccessToken(made);
        token.latest = new Edition(digest(made.read()));
        return token;
    }

    /** The edition that this is, if it is the token; how long it takes tells nothing about where they differ. */
    Optional<Edition> match(String presented) {
        byte[] given = digest(presented);
        return current().filter(edition -> MessageDigest.isEqual(edition.digest, given));
    }

    /** Whether the file still holds what it held then. */
    boolean isStill(Edition edition) {
        return current().filter(now -> now == edition).isPresent();
    }

    private synchronized Optional<Edition> current() {
        byte[] digest;
        try {
            digest = digest(file.read());
        } catch (TokenUnavailableException e) {
            if (!unusable) {
                log.warn(RunnerLogCode.TOKEN_UNUSABLE, "nobody is let in by it any more: {}", e.getMessage());
            }
            unusable = true;
            return Optional.empty();
        }
        unusable = false;
        Edition known = latest;
        if (known == null || !MessageDigest.isEqual(known.digest, digest)) {
            log.info(
                    "The access token in {} is another one now; what was signed in by the old one is signed out.",
                    file.path());
            known = new Edition(digest);
            latest = known;
        }
        return Optional.of(known);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
