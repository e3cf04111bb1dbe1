package dev.tombolo.cli.mesh;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ClusterMeshObject;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "disconnect",
        description = "End the connection with other clusters, on both sides.",
        footerHeading = "%nExamples:%n",
        footer = "  tombolo clustermesh disconnect --context west --destination-context east")
final class DisconnectCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private Destinations destinations;

    DisconnectCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        try (KubeApi api = session.cluster()) {
            String own = name(api, session.context().orElse("(current)"));
            for (String context : destinations.contexts(session.context())) {
                try (KubeApi other = session.cluster(context)) {
                    String peer = name(other, context);
                    boolean changed = forget(api, peer) | forget(other, own);
                    session.console()
                            .line(changed ? "clusters " + own + " and " + peer + " are disconnected" : "no change");
                }
            }
        }
        return 0;
    }

    private static String name(KubeApi api, String context) throws IOException {
        return api.writes()
                .mesh()
                .clusterMesh()
                .map(ClusterMeshObject::status)
                .map(ClusterMeshObject.Status::clusterName)
                .filter(name -> !name.isEmpty())
                .orElseThrow(() -> CommandFailure.failed("context " + context
                        + ": read no ClusterMesh that names the cluster; delete the MeshPeer with kubectl instead"));
    }

    private static boolean forget(KubeApi api, String peer) throws IOException {
        boolean known = api.writes().mesh().peer(peer).isPresent();
        if (known) {
            api.writes().mesh().deletePeer(peer);
        }
        return known;
    }
}
