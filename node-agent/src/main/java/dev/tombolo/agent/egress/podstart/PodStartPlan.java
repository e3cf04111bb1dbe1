package dev.tombolo.agent.egress.podstart;

import dev.tombolo.agent.egress.podstart.PluginChain.Plugin;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What becomes of a CNI configuration so that tombolo-cni runs before each pod does. */
final class PodStartPlan {
    static final String PLUGIN = "tombolo-cni";

    private static final String USUAL_BPFFS = "/sys/fs/bpf";
    private static final String LIST = ".conflist";
    private static final List<String> CONFIGURATIONS = List.of(LIST, ".conf", ".json");
    private static final Set<String> VERSIONS = Set.of("0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0");

    private PodStartPlan() {}

    /** What is to be done with a file. */
    sealed interface Step {
        /** It is as it should be. */
        record Keep() implements Step {}

        record Write(String text) implements Step {}

        /** It cannot be changed, or must not. */
        record Refuse(String reason) implements Step {}
    }

    /** Of the files in a directory the one that a container runtime takes. */
    static Optional<String> used(Collection<String> names) {
        return names.stream()
                .filter(name -> CONFIGURATIONS.stream().anyMatch(name::endsWith))
                .sorted()
                .findFirst();
    }

    /** As it stands in the chain: it finds the usual place by itself. */
    static Plugin plugin(String bpffs) {
        return new Plugin(PLUGIN, bpffs.equals(USUAL_BPFFS) ? Map.of() : Map.of("bpffs", bpffs));
    }

    static boolean isList(String name) {
        return name.endsWith(LIST);
    }

    /**
     * A chain that has the plugin already has shown where its programs are.
     *
     * @param programs beside which the plugin would lie; where those of the chain are not, the runtime does not look
     */
    static Step add(String name, String text, Set<String> programs, Plugin plugin) {
        if (!isList(name)) {
            return new Step.Refuse(name + " is a single plugin, which none can follow: make it a list (" + LIST + ")");
        }
        try {
            var chain = PluginChain.parse(text);
            return obstacle(chain, chain.types().contains(PLUGIN) ? Set.copyOf(chain.types()) : programs)
                    .<Step>map(obstacle -> new Step.Refuse(name + " " + obstacle))
                    .orElseGet(() -> step(chain, chain.with(plugin)));
        } catch (IllegalArgumentException bad) {
            return new Step.Refuse(name + " cannot be used: " + bad.getMessage());
        }
    }

    private static Optional<String> obstacle(PluginChain chain, Set<String> programs) {
        for (String version : chain.versions()) {
            if (!VERSIONS.contains(version)) {
                return Optional.of("has a cniVersion that " + PLUGIN + " does not know: '" + version + "'");
            }
        }
        return chain.types().stream()
                .filter(type -> !programs.contains(type))
                .findFirst()
                .map(type -> "runs '" + type + "', which is not in the directory of CNI plugins given to Tombolo:"
                        + " give it the one that the container runtime uses");
    }

    static Step remove(String name, String text) {
        try {
            var chain = PluginChain.parse(text);
            return step(chain, chain.without(PLUGIN));
        } catch (IllegalArgumentException bad) {
            return new Step.Refuse(name + " cannot be used: " + bad.getMessage());
        }
    }

    private static Step step(PluginChain before, PluginChain after) {
        return after.text().equals(before.text()) ? new Step.Keep() : new Step.Write(after.text());
    }
}
