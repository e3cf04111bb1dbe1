package dev.tombolo.scenarios;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands the shared lab to a scenario, and after it expects the mesh to be whole again, unless it only looks. */
final class InMeshLab implements ParameterResolver, AfterEachCallback {
    /** The tag of scenarios that change nothing, or try to and must be refused. */
    static final String ONLY_LOOKS = "only-looks";

    private static final Namespace NAMESPACE = Namespace.create(InMeshLab.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == MeshLab.class;
    }

    @Override
    public MeshLab resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return shared(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getTags().contains(ONLY_LOOKS)) {
            return;
        }
        var lab = shared(context);
        lab.heal();
        lab.expectWhole();
    }

    /** Made by the first scenario that asks, taken down when the last class has run. */
    private static MeshLab shared(ExtensionContext context) {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: the lab needs root");
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent("lab", _ -> MeshLab.joined(), MeshLab.class);
    }
}
