package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.PipelineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user's own command with places to be filled in, such as {@code ["/opt/trade", "--model", "{model_dir}"]}. It is split
 * into arguments by the user, values are filled in afterwards, and no shell reads it: no value can become two arguments,
 * or an option.
 */
public final class CommandTemplate {

    /** The directory of the validated model's copy. */
    public static final String MODEL_DIRECTORY = "model_dir";

    public static final String NUMBER = "number";
    public static final String STUDY = "study";

    /** The deployment's own directory, also its working directory. */
    public static final String STATE_DIRECTORY = "state_dir";

    /** A file that describes the deployment. */
    public static final String TRIAL_JSON = "trial_json";

    private static final List<String> KNOWN = List.of(MODEL_DIRECTORY, NUMBER, STUDY, STATE_DIRECTORY, TRIAL_JSON);
    private static final Pattern PLACE = Pattern.compile("\\{([a-z_]+)}");

    private final String key;
    private final List<String> arguments;

    /**
     * The command of a deployment.
     *
     * @throws PipelineException naming what is wrong with the template
     */
    public CommandTemplate(List<String> arguments) {
        this("stages.deploy.command", KNOWN, arguments);
    }

    /**
     * @param key what errors call it
     * @param known the names that it may ask for
     * @throws PipelineException naming what is wrong with the template
     */
    public CommandTemplate(String key, List<String> known, List<String> arguments) {
        this.key = key;
        this.arguments = List.copyOf(arguments);
        if (this.arguments.isEmpty() || this.arguments.get(0).isBlank()) {
            throw new PipelineException(key + " must begin with a program. Leave it out to use what is bundled.");
        }
        if (this.arguments.get(0).startsWith("-")
                || PLACE.matcher(this.arguments.get(0)).find()) {
            throw new PipelineException(
                    key + " must begin with a program, but begins with '" + this.arguments.get(0) + "'.");
        }
        for (String argument : this.arguments) {
            if (argument.indexOf('\0') >= 0) {
                throw new PipelineException(key + " holds a NUL character, which no argument may have.");
            }
            Matcher places = PLACE.matcher(argument);
            while (places.find()) {
                if (!known.contains(places.group(1))) {
                    throw new PipelineException(
                            key + " holds {" + places.group(1) + "}, which is not known; known are " + known + ".");
                }
            }
        }
    }

    /** Whether the command asks for this value. */
    public boolean uses(String name) {
        return arguments.stream().anyMatch(argument -> argument.contains("{" + name + "}"));
    }

    /**
     * The command with its places filled in, each once: a value that looks like a place stays as it is.
     *
     * @param values one per name that the command uses
     * @throws PipelineException if a value holds NUL, or would turn an argument into an option
     */
    public List<String> fill(Map<String, String> values) {
        List<String> filled = new ArrayList<>(arguments.size());
        for (String argument : arguments) {
            String result = PLACE.matcher(argument).replaceAll(place -> {
                String value = values.get(place.group(1));
                if (value == null) {
                    throw new PipelineException("There is no value for {" + place.group(1) + "} in " + key + ".");
                }
                return Matcher.quoteReplacement(value);
            });
            if (result.indexOf('\0') >= 0) {
                throw new PipelineException(
                        "A value for the argument '" + argument + "' of " + key + " holds a NUL character; refused.");
            }
            if (result.startsWith("-") && !argument.startsWith("-")) {
                throw new PipelineException("Filled in, the argument '" + argument
                        + "' of " + key + " would be '" + result
                        + "', which programs read as an option; refused. Rename the study, or write the"
                        + " argument so that it begins with something else.");
            }
            filled.add(result);
        }
        return filled;
    }
}
