package dev.tombolo.lab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

/** Compiles the rules of one place of a schema; they may use CEL's own functions, none of those that Kubernetes adds. */
final class RuleCompiler {
    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

    private final JsonNode schema;
    private final CelCompiler compiler;

    RuleCompiler(JsonNode schema) {
        var types = new SchemaTypes(schema);
        this.schema = schema;
        this.compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(types)
                .addVar("self", types.self())
                .addVar("oldSelf", types.self())
                .build();
    }

    /** What a text turned out to be. */
    sealed interface Compiled permits Rule, Unusable {}

    /** One that does not compile, and why, as whoever wrote it is told. */
    record Unusable(String reason) implements Compiled {}

    Compiled compile(String text, String message) {
        try {
            CelAbstractSyntaxTree tree = compiler.compile(text, "<input>").getAst();
            if (!tree.getResultType().equals(SimpleType.BOOL)) {
                return new Unusable("cel expression must evaluate to a bool");
            }
            boolean comparesWithOld = tree.getReferenceMap().values().stream()
                    .anyMatch(reference -> reference.name().equals("oldSelf"));
            return new Rule(schema, text, message, RUNTIME.createProgram(tree), comparesWithOld);
        } catch (CelValidationException | CelEvaluationException refused) {
            return new Unusable("compilation failed: " + refused.getMessage());
        }
    }
}
