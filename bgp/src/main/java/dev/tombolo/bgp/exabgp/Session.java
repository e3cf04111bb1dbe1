package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.net.IpAddress;

/**
 * What ExaBGP knows a neighbour by. Where one of these changes it is another neighbour, with routes of its own.
 *
 * @param name as ExaBGP prints and selects it
 */
record Session(String name) {
    static Session of(BgpPeer peer) {
        return of(peer.peerAddress(), peer.localAddress(), peer.localAsn(), peer.peerAsn(), peer.routerId());
    }

    static Session of(IpAddress peer, IpAddress local, Asn localAsn, Asn peerAsn, IpAddress routerId) {
        return new Session("neighbor %s local-ip %s local-as %s peer-as %s router-id %s"
                .formatted(peer, local, localAsn, peerAsn, routerId));
    }
}
