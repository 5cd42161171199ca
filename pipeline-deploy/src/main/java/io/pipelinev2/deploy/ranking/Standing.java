package io.pipelinev2.deploy.ranking;

/** Where a trial stands in the contest for the slots. */
public enum Standing {
    /** Its validation is still going on. */
    UNFINISHED,
    /** Validated, and waiting for a decision. */
    WAITING,
    /** It holds a slot. */
    DEPLOYED,
    /** It lost against others; a slot that becomes free by configuration may still go to it. */
    RANKED_OUT,
    /** Out until an operator names it. It has its rank all the same. */
    OUT
}
