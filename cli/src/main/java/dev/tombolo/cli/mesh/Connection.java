package dev.tombolo.cli.mesh;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.output.Console;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.kube.object.MeshPeerObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Connects two clusters: each declares the other, each signs the other's request, each takes its certificate. Every step
 * may be repeated; when they cannot reach each other, what this run made is taken back.
 */
final class Connection {
    private final Console console;
    private final Side source;
    private final Side destination;
    private final Duration longest;

    Connection(Console console, Side source, Side destination, Duration longest) {
        this.console = console;
        this.source = source;
        this.destination = destination;
        this.longest = longest;
    }

    /** Returns whether anything had to change. */
    boolean make() throws IOException {
        boolean sourceKnew = source.peer(destination).isPresent();
        boolean destinationKnew = destination.peer(source).isPresent();
        String oldOfSource = source.outdatedBy(destination);
        String oldOfDestination = destination.outdatedBy(source);
        boolean changed = declare(source, destination) | declare(destination, source);
        try {
            changed |= certify(source, destination, oldOfSource) | certify(destination, source, oldOfDestination);
            var missing = new Patience(console, longest).await(this::missing);
            if (missing.isPresent()) {
                throw CommandFailure.failed(missing.get());
            }
        } catch (CommandFailure failure) {
            takeBack(sourceKnew, destinationKnew);
            throw CommandFailure.failed(failure.getMessage()
                    + (sourceKnew && destinationKnew ? "" : "; what this command made was taken back"));
        }
        return changed;
    }

    private boolean declare(Side one, Side other) throws IOException {
        boolean changed = one.declare(other);
        if (changed) {
            console.done("cluster " + one.name() + " declares " + other.name() + ": id "
                    + other.mesh().clusterId() + ", pods "
                    + other.mesh().podCIDRs() + ", nodes " + other.mesh().nodeCIDRs() + ", tunnel "
                    + other.mesh().tunnelCIDR());
        }
        return changed;
    }

    private boolean certify(Side one, Side other, String outdated) throws IOException {
        var missing = new Patience(console, longest)
                .await(() -> one.issuedBy(other, outdated).isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                "waiting for cluster " + other.name() + " to sign the certificate of " + one.name()));
        if (missing.isPresent()) {
            throw CommandFailure.failed(missing.get() + " in vain; see kubectl describe meshpeer " + one.name()
                    + " in context " + other.context() + ", then run the same command again");
        }
        // One that was renewed since is newer than this one and is kept by the mesh API server itself.
        boolean has = one.peer(other)
                .filter(peer -> !peer.spec().clientCertificate().isEmpty())
                .isPresent();
        return !has && one.useCertificate(other, one.issuedBy(other, outdated).orElseThrow());
    }

    private Optional<String> missing() throws IOException {
        for (var pair : List.of(List.of(source, destination), List.of(destination, source))) {
            var peer = pair.get(0).peer(pair.get(1)).map(MeshPeerObject::status);
            if (peer.filter(MeshPeerObject.Status::connected).isEmpty()) {
                String cause = peer.flatMap(MeshPeerObject.Status::lastError)
                        .map(error -> ": " + error.cause() + ", " + error.message())
                        .orElse("");
                return Optional.of("cluster " + pair.get(0).name() + " does not reach "
                        + pair.get(1).name() + " at " + pair.get(1).mesh().endpoints() + cause);
            }
        }
        return Optional.empty();
    }

    private void takeBack(boolean sourceKnew, boolean destinationKnew) throws IOException {
        if (!sourceKnew) {
            source.api().writes().mesh().deletePeer(destination.name());
        }
        if (!destinationKnew) {
            destination.api().writes().mesh().deletePeer(source.name());
        }
    }
}
