package dev.tombolo.apiserver;

import dev.tombolo.apiserver.bgp.BgpStatusController;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.write.KubeWrites;
import java.io.IOException;

/** What the objects declared for BGP have come to, as status of its objects. */
record BgpReports(KubeWrites writes) implements BgpStatusController.Reports {
    @Override
    public boolean wanted() throws IOException {
        return writes.bgp().areOurs();
    }

    @Override
    public void clusterConfig(String name, BgpClusterConfigObject.Status status) throws IOException {
        writes.bgp().clusterConfig(name, status);
    }

    @Override
    public void peerConfig(String name, BgpPeerConfigObject.Status status) throws IOException {
        writes.bgp().peerConfig(name, status);
    }

    @Override
    public void advertisement(String name, BgpAdvertisementObject.Status status) throws IOException {
        writes.bgp().advertisement(name, status);
    }

    @Override
    public void override(String name, BgpOverrideObject.Status status) throws IOException {
        writes.bgp().override(name, status);
    }

    @Override
    public boolean hasNode(String name) throws IOException {
        return writes.nodes().exists(name);
    }

    @Override
    public void removeNodeConfig(String node) throws IOException {
        writes.bgp().removeNodeConfig(node);
    }
}
