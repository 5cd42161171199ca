package io.pipelinev2.core.stage;

/**
 * One piece of work on one trial: a backtest, a stress test, a check of your own.
 *
 * <p>A stage is run at least once per attempt: after a crash the same attempt's work may be done again, so its side
 * effects must bear repetition. It is called by several threads at a time, for different trials. It should end soon after
 * its context is {@linkplain StageContext#isCancelled cancelled} or its thread is interrupted; one that does not is
 * abandoned at its deadline, and what it returns later is recorded but not applied.
 */
public interface Stage {

    /**
     * {@return the name under which it stands in the configuration and in the database, such as {@code backtest}; always the same}
     */
    String name();

    /**
     * Does the work.
     *
     * @param context what is known of the trial and the attempt; of no use once the method has returned
     * @return the verdict, which is final
     * @throws PermanentStageException if the work cannot be done and trying again would not help
     * @throws StageNotReadyException if something that the work needs has not arrived yet; uses up no attempt
     * @throws Exception if the work could not be done this time; it is tried again until the attempts are used up
     */
    StageOutcome execute(StageContext context) throws Exception;

    /**
     * {@return a stage made of a name and a function}
     *
     * @param name what {@link #name()} gives
     * @param work what {@link #execute} does
     */
    static Stage of(String name, Work work) {
        return new Stage() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public StageOutcome execute(StageContext context) throws Exception {
                return work.execute(context);
            }

            @Override
            public String toString() {
                return "Stage[" + name + "]";
            }
        };
    }

    /** What a stage does; see {@link Stage#execute}. */
    @FunctionalInterface
    interface Work {
        /**
         * Does the work.
         *
         * @param context what is known of the trial and the attempt
         * @return the verdict, which is final
         * @throws Exception as {@link Stage#execute}
         */
        StageOutcome execute(StageContext context) throws Exception;
    }
}
