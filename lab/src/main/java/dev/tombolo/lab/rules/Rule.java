package dev.tombolo.lab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.Optional;

/**
 * One compiled rule of a place in a schema.
 *
 * @param comparesWithOld asked only where there is a value from before
 */
record Rule(JsonNode schema, String text, String message, CelRuntime.Program program, boolean comparesWithOld)
        implements RuleCompiler.Compiled {
    /** What is wrong with a value in the words of Kubernetes, if something is; old is missing where there was none. */
    Optional<String> refusal(JsonNode value, JsonNode old) {
        if (comparesWithOld && old.isMissingNode()) {
            return Optional.empty();
        }
        try {
            var variables = Map.of("self", CelValue.of(schema, value), "oldSelf", CelValue.of(schema, old));
            return Boolean.TRUE.equals(program.eval(variables))
                    ? Optional.empty()
                    : Optional.of(message.isEmpty() ? "failed rule: " + text : message);
        } catch (CelEvaluationException failed) {
            return Optional.of(failed.getMessage() + " evaluating rule: " + (message.isEmpty() ? text : message));
        }
    }
}
