package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.net.IpAddress;

/** What events name a session by. */
record Ends(IpAddress local, IpAddress peer, Asn localAsn, Asn peerAsn) {
    static Ends of(BgpPeer peer) {
        return new Ends(peer.localAddress(), peer.peerAddress(), peer.localAsn(), peer.peerAsn());
    }
}
