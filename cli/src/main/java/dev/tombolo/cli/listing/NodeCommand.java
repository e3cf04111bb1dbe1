package dev.tombolo.cli.listing;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.install.InstalledKinds;
import dev.tombolo.cli.output.Age;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.reconciler.table.Columns;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "node",
        description = "The nodes of this cluster.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = NodeCommand.List.class)
public final class NodeCommand {
    private static final Columns<MeshNodeObject> COLUMNS = Columns.<MeshNodeObject>none()
            .with("Node", MeshNodeObject::name)
            .with("Ready", NodeCommand::ready)
            .with("Version", node -> node.status().version())
            .with("WireGuard", node -> node.status().wireguard().backend())
            .with("Peers", node -> node.status().wireguard().peers().size())
            .with("Services", node -> node.status().globalServices())
            .with("Errors", node -> node.status().errors().size())
            .with("Heard", NodeCommand::heard);

    // What a silent agent said last is no news of its node.
    static String ready(MeshNodeObject node) {
        return node.isFresh(Instant.now()) ? (node.status().ready() ? "yes" : "no") : "unknown";
    }

    private static String heard(MeshNodeObject node) {
        return node.status()
                .heartbeat()
                .map(beat -> Age.of(beat, Instant.now()) + " ago")
                .orElse("never");
    }

    @Command(
            name = "list",
            description = "List the nodes with what their agents say.",
            footerHeading = "%nExamples:%n",
            footer = "  tombolo node list -o json")
    static final class List implements Callable<Integer> {
        private final Session session;

        List(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            try (KubeApi api = session.cluster()) {
                InstalledKinds.require(api);
                new Listing<>(COLUMNS, List::document)
                        .show(session, api.writes().mesh().nodes());
            }
            return 0;
        }

        private static Map<String, Object> document(MeshNodeObject node) {
            var document = new LinkedHashMap<String, Object>();
            document.put("name", node.name());
            document.put("ready", NodeCommand.ready(node));
            document.put("version", node.status().version());
            document.put("wireguard", node.status().wireguard().backend());
            document.put("peers", node.status().wireguard().peers().size());
            document.put("global_services", node.status().globalServices());
            document.put(
                    "errors",
                    node.status().errors().stream()
                            .map(error -> error.what() + ", " + error.message())
                            .toList());
            document.put(
                    "heartbeat", node.status().heartbeat().map(Object::toString).orElse(null));
            return document;
        }
    }
}
