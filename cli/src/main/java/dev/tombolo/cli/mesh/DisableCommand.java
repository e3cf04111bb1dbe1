package dev.tombolo.cli.mesh;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.cli.install.Removal;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "disable",
        description = "Stop the mesh API server of this cluster; it must have no peers.",
        footerHeading = "%nExamples:%n",
        footer = "  tombolo clustermesh disable --context west")
final class DisableCommand implements Callable<Integer> {
    private final Session session;

    DisableCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        try (KubeApi api = session.cluster()) {
            if (api.writes().mesh().clusterMesh().isEmpty()) {
                session.console().line("no change");
                return 0;
            }
            var peers = api.writes().mesh().peers().stream()
                    .map(peer -> peer.name())
                    .toList();
            if (!peers.isEmpty()) {
                throw CommandFailure.failed("read the peers " + peers
                        + ", expected none; first: tombolo clustermesh disconnect --destination-context OTHER");
            }
            new Removal(api, session.console()).removeMesh();
            session.console().line("the mesh is disabled");
        }
        return 0;
    }
}
