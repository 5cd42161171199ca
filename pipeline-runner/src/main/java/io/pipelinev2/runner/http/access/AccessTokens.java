package io.pipelinev2.runner.http.access;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tokens that there are: the owner's, and one for reading alone. */
public final class AccessTokens {

    /** Nobody is let in by a token. */
    static final AccessTokens NONE = new AccessTokens(null, null);

    private final @Nullable AccessToken owner;
    private final @Nullable AccessToken reader;

    /** What somebody may do who has shown a token, and which edition of it that was. */
    public record Pass(Right right, AccessToken.Edition edition) {}

    AccessTokens(@Nullable AccessToken owner, @Nullable AccessToken reader) {
        this.owner = owner;
        this.reader = reader;
    }

    /**
     * Those of the files that are configured, made where they are missing.
     *
     * @param ownersFile where the owner's lies, or null if there is none
     * @param readersFile where the one for reading alone lies, or null if there is none
     * @throws TokenUnavailableException if one cannot be used, or both are the same
     */
    public static AccessTokens of(@Nullable Path ownersFile, @Nullable Path readersFile) {
        AccessToken owner = ownersFile == null ? null : AccessToken.of(ownersFile);
        AccessToken reader = readersFile == null ? null : AccessToken.of(readersFile);
        if (owner != null
                && readersFile != null
                && owner.match(new TokenFile(readersFile).read()).isPresent()) {
            throw new TokenUnavailableException(
                    readersFile, "holds the owner's token; `token rotate --read-only` puts another one there", null);
        }
        return new AccessTokens(owner, reader);
    }

    /** Whether there is any. */
    boolean exist() {
        return owner != null || reader != null;
    }

    /** What this token is good for, if it is one. Should both ever be the same, for the lesser of the two. */
    Optional<Pass> match(String presented) {
        Optional<Pass> reading = match(reader, Right.READ, presented);
        Optional<Pass> changing = match(owner, Right.CHANGE, presented);
        return reading.or(() -> changing);
    }

    private static Optional<Pass> match(@Nullable AccessToken token, Right right, String presented) {
        return token == null ? Optional.empty() : token.match(presented).map(edition -> new Pass(right, edition));
    }

    /** Whether the token that was shown then would be taken now. */
    boolean isValid(Pass pass) {
        AccessToken token = pass.right() == Right.READ ? reader : owner;
        return token != null && token.isStill(pass.edition());
    }
}
